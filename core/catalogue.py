"""The image models on offer: looked up by id, by provider and by what is still served, from catalogue.toml."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from importlib.resources import files
from typing import Any

from core.errors import Fault, ProviderError
from core.image_model import ImageModel, Prices
from core.sizes import SizeRule

__all__ = ["Catalogue", "ImageModel", "Prices", "load_catalogue"]


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Every model that is known, the one that the operator named included."""

    models: tuple[ImageModel, ...]
    default: ImageModel

    def find(self, model_id: str) -> ImageModel | None:
        """By the exact id."""
        return next((model for model in self.models if model.id == model_id), None)

    def get(self, model_id: str) -> ImageModel:
        """By the exact id. Raises ProviderError (UNKNOWN_MODEL), as for a stored request whose model was taken away."""
        model = self.find(model_id)
        if model is None:
            raise ProviderError(Fault.UNKNOWN_MODEL, f"no model {model_id!r} in the catalogue")
        return model

    def for_provider(self, provider: str) -> tuple[ImageModel, ...]:
        return tuple(model for model in self.models if model.provider == provider)

    def usable(self, today: date) -> tuple[ImageModel, ...]:
        """What may be asked for, the default first: models of its provider that are still served.

        A default that only servers of the operator's own have stands alone, for such a server knows no other.
        """
        if self.default.own_server:
            return (self.default,)
        others = (model for model in self.for_provider(self.default.provider) if model != self.default)
        served = (model for model in others if not model.own_server and not model.retired(today))
        return (self.default, *served)


def load_catalogue(default: str | None = None) -> Catalogue:
    """Reads catalogue.toml; `default` is the operator's IMAGE_MODEL, else the first model in the file.

    A dated snapshot of a known model (`gpt-image-2.5-flare-2026-09-08`) is that model under its own id; any other
    unknown default is taken on trust as a model of a server of the operator's own.
    """
    data = tomllib.loads(files("core").joinpath("catalogue.toml").read_text("utf-8"))
    models = tuple(_model(entry, data) for entry in data["model"])
    if default is None:
        return Catalogue(models, models[0])
    known = next((model for model in models if model.id == default), None)
    if known is not None:
        return Catalogue(models, known)
    added = _snapshot(default, models) or _model({"id": default, "title": default, **data["own"]}, data)
    return Catalogue((*models, added), added)


def _snapshot(model_id: str, models: tuple[ImageModel, ...]) -> ImageModel | None:
    name, dash, day = model_id[:-11], model_id[-11:-10], model_id[-10:]
    family = next((model for model in models if model.id == name), None)
    if family is None or dash != "-" or not day.replace("-", "").isdecimal():
        return None
    return replace(family, id=model_id, title=f"{family.title} ({day})")


def _model(entry: Mapping[str, Any], data: Mapping[str, Any]) -> ImageModel:
    fields = {**data["family"].get(entry.get("family"), {}), **entry}
    fields.pop("family", None)
    for name in ("sizes", "qualities", "backgrounds"):
        fields[name] = tuple(fields[name])
    fields["prices"] = Prices(**data["prices"].get(fields.get("prices"), {}))
    fields["size_rule"] = SizeRule(**fields.get("size_rule", {}))
    return ImageModel(**fields)
