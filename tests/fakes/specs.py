"""Judges requests and answers by the vendors' own OpenAPI descriptions, where these are at hand.

They live beside the repository, in ``../shared/specs``. Without them nothing is judged, and ``Spec.off`` says so.
"""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Callable, Iterator, Mapping
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator, validators
from jsonschema.exceptions import ValidationError, best_match
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

FOLDER = Path(__file__).resolve().parents[3] / "shared" / "specs"
_URI = "urn:openapi"
_log = logging.getLogger(__name__)

_ONE_OF, _ANY_OF = Draft202012Validator.VALIDATORS["oneOf"], Draft202012Validator.VALIDATORS["anyOf"]

Adapt = Callable[[str, str, Any], Any]


def as_sent(_method: str, _template: str, body: Any) -> Any:
    """The body itself: the description has no known gap."""
    return body


class Spec:
    """One OpenAPI 3.1 description; every judgement is a list of sentences, empty when all is well.

    ``adapt`` rewrites a request body where the description is known to be wrong about it.
    """

    def __init__(self, document: Mapping[str, Any] | None, *, off: str | None = None, adapt: Adapt = as_sent) -> None:
        self.off = off
        self._document: Mapping[str, Any] = document or {"paths": {}}
        self._adapt = adapt
        self._validator = lru_cache(maxsize=None)(self._build_validator)
        self.template_of = lru_cache(maxsize=4096)(self._find_template)

    @classmethod
    def load(cls, name: str, *, folder: Path = FOLDER, adapt: Adapt = as_sent) -> Spec:
        """Reads ``<name>.openapi.json``; when it is absent the result finds no fault in anything."""
        path = folder / f"{name}.openapi.json"
        if not path.is_file():
            off = f"{path.name} is not at hand: nothing is checked against it"
            _log.warning(off)
            return cls(None, off=off, adapt=adapt)
        return cls(_document(path), adapt=adapt)

    def request_violations(self, method: str, path: str, body: Any, kind: str = "application/json") -> list[str]:
        """What is wrong with a request body (for multipart: the parsed ``payload_json`` or form fields)."""
        if self.off:
            return []
        template = self.template_of(method, path)
        if template is None:
            return [f"{method} {path}: the description knows no such operation"]
        operation = self._document["paths"][template][method.lower()]
        content = operation.get("requestBody", {}).get("content", {})
        if kind not in content:
            return [] if body is None else [f"{method} {template}: a body of {kind} is not described"]
        if body is None:
            required = operation["requestBody"].get("required", False)
            return [f"{method} {template}: a body is required"] if required else []
        where = ("paths", template, method.lower(), "requestBody", "content", kind, "schema")
        return self._judge(f"{method} {template}", where, self._adapt(method, template, body))

    def response_violations(self, method: str, path: str, status: int, body: Any) -> list[str]:
        """What is wrong with a JSON answer; answers the description is silent about are not judged."""
        template = None if self.off else self.template_of(method, path)
        if template is None:
            return []
        responses = self._document["paths"][template][method.lower()]["responses"]
        key = next((k for k in (str(status), f"{status // 100}XX") if k in responses), None)
        if key is None:
            return [f"{method} {template}: status {status} is not described"]
        answer, where = responses[key], ("paths", template, method.lower(), "responses", key)
        if "$ref" in answer:
            where = tuple(answer["$ref"].removeprefix("#/").split("/"))
            answer = self._document["components"]["responses"][where[-1]]
        if "application/json" not in answer.get("content", {}):
            return [] if body is None else [f"{method} {template}: {status} has no JSON body"]
        return self._judge(f"{method} {template} -> {status}", (*where, "content", "application/json", "schema"), body)

    def component_violations(self, name: str, body: Any) -> list[str]:
        """What is wrong with a value that shall be the schema ``name`` (a stream's event, say)."""
        return [] if self.off else self._judge(name, ("components", "schemas", name), body)

    def unknown_fields(self, method: str, path: str, body: Mapping[str, Any]) -> list[str]:
        """Top-level fields no part of the request schema knows; descriptions seldom forbid them themselves."""
        template = None if self.off else self.template_of(method, path)
        if template is None:
            return []
        content = self._document["paths"][template][method.lower()].get("requestBody", {}).get("content", {})
        known = {name for media in content.values() for name in self._properties(media.get("schema", {}))}
        return [f"{method} {template}: unknown field {name!r}" for name in body if name not in known]

    def _properties(self, schema: Mapping[str, Any]) -> set[str]:
        if "$ref" in schema:
            return self._properties(self._document["components"]["schemas"][schema["$ref"].rsplit("/", 1)[-1]])
        names = set(schema.get("properties", {}))
        for union in ("allOf", "anyOf", "oneOf"):
            for part in schema.get(union, ()):
                names |= self._properties(part)
        return names

    def _judge(self, subject: str, where: tuple[str, ...], body: Any) -> list[str]:
        error = best_match(self._validator(where).iter_errors(body))
        return [f"{subject}: {_sentence(error)}"] if error is not None else []

    def _build_validator(self, where: tuple[str, ...]) -> Any:
        pointer = "/".join(part.replace("~", "~0").replace("/", "~1") for part in where)
        overridden = {"oneOf": self._one_of, "anyOf": self._any_of}
        quick = validators.extend(Draft202012Validator, overridden)  # type: ignore[no-untyped-call]  # its stub is bare
        return quick({"$ref": f"{_URI}#/{pointer}"}, registry=self._registry)

    def _one_of(self, validator: Any, branches: list[Any], instance: Any, schema: Any) -> Iterator[ValidationError]:
        yield from _ONE_OF(validator, self._conceivable(branches, instance), instance, schema)

    def _any_of(self, validator: Any, branches: list[Any], instance: Any, schema: Any) -> Iterator[ValidationError]:
        yield from _ANY_OF(validator, self._conceivable(branches, instance), instance, schema)

    def _conceivable(self, branches: list[Any], instance: Any) -> list[Any]:
        """The branches a look at ``const`` and ``type`` does not rule out: trying all of a deep union takes long."""
        return [branch for branch in branches if self._can_match(branch, instance)] or branches

    def _can_match(self, branch: Any, instance: Any) -> bool:
        if "const" in branch:
            return bool(branch["const"] == instance)
        while "$ref" in branch:
            branch = self._document["components"]["schemas"][branch["$ref"].rsplit("/", 1)[-1]]
        kind = instance.get("type") if isinstance(instance, dict) else None
        return kind is None or kind in branch.get("properties", {}).get("type", {}).get("enum", (kind,))

    @cached_property
    def _registry(self) -> Registry[Any]:
        resource = Resource.from_contents(dict(self._document), default_specification=DRAFT202012)
        registry: Registry[Any] = Registry().with_resource(_URI, resource)
        return registry

    @cached_property
    def _templates(self) -> list[tuple[re.Pattern[str], str]]:
        # A literal segment outranks a parameter: /messages/@original before /messages/{message_id}.
        paths = sorted(self._document["paths"], key=lambda path: [part.startswith("{") for part in path.split("/")])
        return [(re.compile(re.sub(r"\\\{[^/]+\\\}", "[^/]+", re.escape(path))), path) for path in paths]

    def _find_template(self, method: str, path: str) -> str | None:
        for pattern, template in self._templates:
            if pattern.fullmatch(path) and method.lower() in self._document["paths"][template]:
                return template
        return None


@lru_cache(maxsize=8)
def _document(path: Path) -> Mapping[str, Any]:
    document: Mapping[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return document


def _sentence(error: ValidationError) -> str:
    message = error.message if len(error.message) < 300 else f"{error.message[:150]} … {error.message[-150:]}"
    return f"{error.json_path}: {message}"
