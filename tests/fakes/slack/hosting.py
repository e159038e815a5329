"""What is not `/api/`: upload urls, downloads, and response urls."""

from __future__ import annotations

import json
from typing import Any

from aiohttp import web

from .edge import Edge
from .journal import Request
from .records import Json, Message, SlackError
from .rules import response_url_breaches
from .web_api import Tokens
from .workspace import BOT_USER, RESPONSE_URL_USES, ResponseUrl, Workspace

SIGN_IN = "<!DOCTYPE html><html><title>Sign in to Slack</title></html>"
"""What slack.com sends, with status 200, to a download without a good token."""


class Hosting:
    """Answers the urls that the Web API and the payloads hand out."""

    def __init__(self, workspace: Workspace, edge: Edge, tokens: Tokens) -> None:
        self._workspace, self._edge, self._tokens = workspace, edge, tokens

    async def upload(self, request: web.Request) -> web.Response:
        """Step two of an upload: the bytes, raw or as the one file of a multipart form."""
        content = await _sent_bytes(request)

        async def answer(entry: Request) -> web.Response:
            entry.files = {request.match_info["file_id"]: len(content)}
            try:
                file = self._workspace.files.find(request.match_info["file_id"])
            except SlackError:
                return self._plain(entry, 404, "Not Found")
            if len(content) != file.length:
                return self._plain(entry, 400, f"expected {file.length} bytes, got {len(content)}")
            file.content = content
            return self._plain(entry, 200, f"OK - {len(content)}")

        return await self._edge.serve(request, "upload", {}, answer)

    async def download(self, request: web.Request) -> web.StreamResponse:
        """A file's bytes for the bot's token; the sign-in page for anybody else."""
        bearer = request.headers.get("Authorization", "")

        async def answer(entry: Request) -> web.Response:
            try:
                file = self._workspace.files.find(request.match_info["file_id"])
            except SlackError:
                return self._plain(entry, 404, "Not Found")
            good = bearer == f"Bearer {self._tokens.bot}" and "files:read" in self._tokens.scopes
            if not good or not file.readable_by(BOT_USER):
                entry.status, entry.response = 200, "the sign-in page"
                return web.Response(text=SIGN_IN, content_type="text/html")
            entry.status = 200
            mimetype = str(file.as_json("").get("mimetype") or "application/octet-stream")
            return web.Response(body=file.content, content_type=mimetype)

        return await self._edge.serve(request, "download", {"file": request.match_info["file_id"]}, answer)

    async def respond(self, request: web.Request) -> web.Response:
        """A message sent to a response url."""
        sent = await _sent_json(request)

        async def answer(entry: Request) -> web.Response:
            try:
                return self._plain(entry, 200, self._respond(request.match_info["key"], sent))
            except SlackError as refusal:
                # Observed with slack_sdk's and java-slack-sdk's webhook clients: any refusal is a 404 with JSON.
                entry.status, entry.response = 404, refusal.body
                self._workspace.journal.changed()
                return web.json_response(refusal.body, status=404)

        return await self._edge.serve(request, "response_url", sent, answer)

    def _respond(self, key: str, sent: Json) -> str:
        url = self._workspace.response_urls.get(key)
        if url is None or self._workspace.clock.now() > url.expires_at:
            raise SlackError("expired_url")
        if url.uses >= RESPONSE_URL_USES:
            raise SlackError("used_url")
        for sentence in response_url_breaches(sent):
            self._workspace.journal.violation(sentence)
        answer_through(self._workspace, url, sent)
        url.uses += 1
        return "ok"

    def _plain(self, entry: Request, status: int, text: str) -> web.Response:
        entry.status, entry.response = status, text
        self._workspace.journal.changed()
        return web.Response(status=status, text=text)


def answer_through(workspace: Workspace, url: ResponseUrl, sent: Json) -> Message | None:
    """What a message to a response url does: replace or delete the original, or add one, for one reader by default."""
    original = url.original
    if sent.get("delete_original") and original:
        original.deleted = True
        return original
    blocks = workspace.checked_blocks(sent["blocks"]) if sent.get("blocks") else []
    if not sent.get("text") and not blocks and not sent.get("attachments"):
        raise SlackError("no_text")
    state = workspace.state("response_url", str(sent.get("text") or ""), blocks)
    if sent.get("replace_original") and original:
        original.states.append(state)
        return original
    reader = None if sent.get("response_type") == "in_channel" else url.user
    message = workspace.post(url.channel, BOT_USER, state, thread_ts=sent.get("thread_ts"), ephemeral_to=reader)
    url.original = url.original or message
    return message


async def _sent_json(request: web.Request) -> Json:
    try:
        sent: Any = json.loads(await request.text() or "{}")
    except ValueError:
        return {}
    return sent if isinstance(sent, dict) else {}


async def _sent_bytes(request: web.Request) -> bytes:
    if not request.content_type.startswith("multipart/"):
        return await request.read()
    form = await request.post()
    parts = [part for part in form.values() if isinstance(part, web.FileField)]
    return parts[0].file.read() if parts else b""
