"""Files as Slack keeps them: announced, uploaded, completed, and only some time later processed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from urllib.parse import quote

from .records import Clock, Json, SlackError

SHOWABLE = {"png": "image/png", "jpg": "image/jpeg", "gif": "image/gif"}
SIGNATURES = ((b"\x89PNG\r\n\x1a\n", "png"), (b"\xff\xd8\xff", "jpg"), (b"GIF8", "gif"))
Later = Callable[[float, Callable[[], None]], None]


def filetype(content: bytes, name: str) -> str:
    """What Slack takes a file to be: by its first bytes, else by its name."""
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "webp"
    known = [kind for signature, kind in SIGNATURES if content.startswith(signature)]
    return known[0] if known else name.rsplit(".", 1)[-1].lower() if "." in name else "binary"


@dataclass(frozen=True, slots=True)
class Processing:
    """When a completed file becomes usable: after so many looks at it, or so many seconds, whichever is first.

    A look is a files.info, or an attempt to show it. With neither, only `FileStore.release` does it.
    """

    looks: int | None = 2
    seconds: float | None = 1.0


@dataclass(slots=True)
class File:
    """One file; `readers` None means whoever may see it in a conversation, else just these and the owner."""

    id: str
    name: str
    owner: str
    length: int
    created: float
    alt_text: str = ""
    title: str = ""
    content: bytes | None = None
    completed: bool = False
    processed: bool = False
    deleted: bool = False
    looks: int = 0
    readers: frozenset[str] | None = None
    channels: list[str] = field(default_factory=list)
    when_processed: Callable[[], None] | None = None

    def readable_by(self, user: str) -> bool:
        """Whether `user` has access."""
        return self.completed and not self.deleted and (self.readers is None or user in self.readers | {self.owner})

    def url(self, base_url: str) -> str:
        """Where its bytes are, for those with a token."""
        return f"{base_url}/files-pri/T0LIMNER-{self.id}/download/{quote(self.name, safe='')}"

    def as_json(self, base_url: str) -> Json:
        """The `file` of answers: next to nothing until it is processed."""
        known: Json = {"id": self.id, "created": int(self.created), "timestamp": int(self.created), "name": self.name}
        known |= {"title": self.title or self.name, "user": self.owner, "size": self.length, "mode": "hosted"}
        known |= {"mimetype": "", "filetype": "", "pretty_type": "", "is_external": False, "file_access": "visible"}
        if not self.processed or self.content is None:
            return known
        kind = filetype(self.content, self.name)
        mimetype = SHOWABLE.get(kind, "image/webp" if kind == "webp" else "application/octet-stream")
        urls = {name: self.url(base_url) for name in ("url_private", "url_private_download")}
        permalink = f"{base_url}/files/{self.owner}/{self.id}/{quote(self.name, safe='')}"
        known |= {"mimetype": mimetype, "filetype": kind, "pretty_type": kind.upper(), "permalink": permalink}
        return {**known, **urls, "alt_txt": self.alt_text, "channels": self.channels, "is_public": bool(self.channels)}


class FileStore:
    """All files of the workspace."""

    def __init__(self, clock: Clock, later: Later, changed: Callable[[], None]) -> None:
        self.processing = Processing()
        self.base_url = ""
        self._clock, self._later, self._changed = clock, later, changed
        self._files: dict[str, File] = {}

    def __iter__(self) -> Iterator[File]:
        return iter(self._files.values())

    def announce(self, owner: str, name: str, length: int, alt_text: str) -> File:
        """A place for a file that is going to be uploaded."""
        file = File(f"F{len(self._files) + 1:010d}", name, owner, length, self._clock.now(), alt_text)
        self._files[file.id] = file
        return file

    def add(self, owner: str, name: str, content: bytes, readers: frozenset[str] | None = None) -> File:
        """A file that somebody shared earlier, processed long ago."""
        file = self.announce(owner, name, len(content), "")
        file.content, file.readers, file.completed, file.processed = content, readers, True, True
        return file

    def find(self, file_id: str) -> File:
        """The file of that id, or `file_not_found`; `file_deleted` where it was."""
        file = self._files.get(file_id)
        if file is None:
            raise SlackError("file_not_found")
        if file.deleted:
            raise SlackError("file_deleted")
        return file

    def complete(self, file: File, title: str) -> None:
        """The app says that the upload is whole; processing starts."""
        file.title, file.completed = title or file.name, True
        if self.processing.seconds is not None:
            self._later(self.processing.seconds, lambda: self.release(file))

    def release(self, file: File | None = None) -> None:
        """Let a file, or all that wait, be processed now."""
        for waiting in [file] if file else list(self._files.values()):
            if waiting.completed and not waiting.processed:
                waiting.processed = True
                if waiting.when_processed:
                    waiting.when_processed()
        self._changed()

    def look(self, file: File) -> bool:
        """Whether somebody who looks now finds it processed."""
        if file.processed:
            return True
        file.looks += 1
        if self.processing.looks is not None and file.looks > self.processing.looks:
            self.release(file)
        return file.processed

    def showable(self, source: Json, viewer: str) -> bool:
        """Whether an image block of `viewer` may show the file that `source` names by id or url."""
        file = self._files.get(source["id"]) if "id" in source else self._by_url(str(source["url"]))
        if file is None or not file.readable_by(viewer) or not self.look(file):
            return False
        return file.content is not None and filetype(file.content, file.name) in SHOWABLE

    def _by_url(self, url: str) -> File | None:
        known = (file for file in self._files.values() if file.processed)
        urls = ("url_private", "permalink")
        return next((file for file in known if url in [file.as_json(self.base_url)[name] for name in urls]), None)
