"""What DRF and drf-spectacular are told: nothing is open by default, nobody comes in but by a token (traps.md, ADR 0039)."""

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["sharing.api.authentication.TokenAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["sharing.api.permissions.ScopeAllows"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["sharing.api.strict.StrictJSONParser"],
    "DEFAULT_SCHEMA_CLASS": "sharing.api.schema.ApiSchema",
    "DEFAULT_METADATA_CLASS": None,
    "EXCEPTION_HANDLER": "sharing.api.errors.problem",
    "URL_FORMAT_OVERRIDE": None,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Tact",
    "VERSION": "1",
    "DESCRIPTION": "Les mêmes actes que les pages, par un jeton personnel (docs/api.md).",
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "COMPONENT_SPLIT_REQUEST": True,
    "ENUM_NAME_OVERRIDES": {
        "VerdictEnum": "sharing.api.deciding.VERDICTS",
        "RequestStateEnum": "sharing.api.request_words.STATES",
        "RequestEndingEnum": "sharing.api.request_words.ENDINGS",
        "RequestAnswerEnum": "sharing.api.request_words.ANSWERS",
        "WordKindEnum": "sharing.api.consents.WORD_KINDS",
    },
}
