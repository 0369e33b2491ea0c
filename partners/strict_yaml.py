"""YAML as a jurist writes it, safely and strictly read: no key twice, no reference within a reference, no endless nesting."""

from __future__ import annotations

from collections.abc import Hashable
from typing import TYPE_CHECKING, Any

import yaml
from yaml.composer import Composer
from yaml.constructor import SafeConstructor
from yaml.resolver import Resolver

if TYPE_CHECKING or not yaml.__with_libyaml__:  # a machine for which PyYAML has no compiled part
    _Read = yaml.SafeLoader
else:
    from yaml.cyaml import CParser

    class _Read(Composer, CParser, SafeConstructor, Resolver):
        """What SafeLoader is, its characters read by libyaml: a rulebook is read at the start of each process."""

        def __init__(self, stream: str) -> None:
            CParser.__init__(self, stream)
            Composer.__init__(self)
            SafeConstructor.__init__(self)
            Resolver.__init__(self)


class _StrictLoader(_Read):
    """A safe loader that refuses a key written twice, where the last would silently win, and a reference within a reference."""

    def __init__(self, stream: str) -> None:
        super().__init__(stream)
        self._referred = 0  # how many of the nodes being read may be referred to

    def compose_node(self, parent: yaml.Node | None, index: Any) -> yaml.Node | None:
        event: Any = self.peek_event()  # type: ignore[no-untyped-call]
        if isinstance(event, yaml.AliasEvent):
            if self._referred:
                # Ten references of ten references are a thousand million words on one line.
                where: Any = event.start_mark
                raise yaml.composer.ComposerError(None, None, "un renvoi dans un renvoi (*)", where)
            return super().compose_node(parent, index)
        named = event.anchor is not None
        self._referred += named
        node = super().compose_node(parent, index)
        self._referred -= named
        return node

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        seen: set[str] = set()
        for key, _value in node.value:
            if not isinstance(key, yaml.ScalarNode):
                raise yaml.constructor.ConstructorError(None, None, "un nom est un mot", key.start_mark)
            if key.value in seen:
                raise yaml.constructor.ConstructorError(
                    None, None, f"« {key.value} » est écrit deux fois", key.start_mark
                )
            seen.add(key.value)
        return super().construct_mapping(node, deep)


def parse_yaml(text: str) -> Any:
    """The content of a YAML text, safely and strictly read. Raises yaml.YAMLError, with the line where it is known."""
    try:
        return yaml.load(text, Loader=_StrictLoader)  # noqa: S506 (a SafeLoader)
    except ValueError as error:  # a 30 February, a number of ten thousand digits
        raise yaml.YAMLError(f"une valeur n’est pas lisible : {error}") from error
    except RecursionError as error:
        raise yaml.YAMLError("trop de niveaux, les uns dans les autres") from error
