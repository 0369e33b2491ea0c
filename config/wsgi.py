"""What gunicorn serves."""

import gc
import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

django.setup(set_prefix=False)

from config.gate import Gate  # noqa: E402  (Django must be ready)

application = Gate()

from config.checks import announce_first_start, refuse_owner  # noqa: E402  (Django must be ready)
from config.postgres.patience import serve_pages  # noqa: E402

serve_pages()
refuse_owner()
announce_first_start()
# What is loaded stays: workers share its memory, and nobody looks through it for garbage.
gc.collect()
gc.freeze()
