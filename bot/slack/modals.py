"""The prompt form: opened by a command, a button or a shortcut, and submitted."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime
from uuid import UUID

from slack_bolt.async_app import AsyncAck

from bot.slack import answers, forms, question_form
from bot.slack.blocks import Json
from bot.slack.forms import Submitted
from bot.slack.intake import Asking, Intake
from bot.slack.origin import Origin
from bot.slack.question_form import Question
from bot.slack.verbs import identity
from bot.slack.web_api import WebApi
from core.errors import ConfirmFirst, NotFound, Outage, Refusal
from core.studio import Studio

PATIENCE = 2.0
"""Seconds; Slack gives three for the answer that can still show mistakes in the form."""


class Modals:
    def __init__(self, studio: Studio, web_api: WebApi, intake: Intake) -> None:
        self._studio = studio
        self._web_api = web_api
        self._intake = intake

    async def ask(self, origin: Origin, text: str = "") -> None:
        """Opens the form for a new picture."""
        fields = forms.option_fields(self._studio.catalogue, self._studio.styles, datetime.now(UTC).date())
        await self._web_api.open_form(origin.trigger, forms.prompt_form(origin, text=text, fields=fields))

    async def edit(self, origin: Origin, generation_id: UUID) -> None:
        """Opens the form with the words of an earlier request. Raises NotFound."""
        text = self._studio.requesting.text_of(await self._studio.requesting.seen(generation_id))
        await self._web_api.open_form(origin.trigger, forms.prompt_form(origin, text=text, of=generation_id.hex))

    async def submitted(self, ack: AsyncAck, body: Json) -> None:
        """Accepted before it is acknowledged, so that the form itself can say what is wrong.

        Pressing again after a mistake or an outage is safe: the view's id makes it one request.
        """
        try:
            async with asyncio.timeout(PATIENCE):
                await self._take(forms.read(body))
        except ConfirmFirst as asked:
            await ack(response_action="update", view=question_form.shown(Question.of(asked)))
        except Refusal as refusal:
            await _show(ack, answers.in_a_form(refusal))
        except (Outage, TimeoutError):
            await _show(ack, [answers.TRY_AGAIN])
        else:
            await ack()

    async def confirmed(self, ack: AsyncAck, body: Json) -> None:
        """The question that took the form's place was answered with yes. Answering again is safe."""
        question, who = question_form.read(body)
        if question is None:
            await ack(response_action="update", view=question_form.refused(answers.OLD_BUTTON))
            return
        try:
            async with asyncio.timeout(PATIENCE):
                await self._intake.confirm(who, question.proposal_id)
        except Refusal as refusal:
            await ack(response_action="update", view=question_form.refused("\n".join(answers.in_a_form(refusal))))
        except (Outage, TimeoutError):
            await ack(response_action="update", view=question_form.shown(question, answers.TRY_AGAIN))
        else:
            await ack()

    async def _take(self, form: Submitted) -> None:
        origin = form.origin
        await self._intake.check_may_post(origin.channel)
        asking = Asking.of(origin)
        if not form.of:
            await self._intake.ask(asking, form.text, form.choices)
            return
        generation_id = identity(form.of)
        if generation_id is None:
            raise NotFound
        await self._intake.again(asking, generation_id, text=form.text)


async def _show(ack: AsyncAck, mistakes: Sequence[str]) -> None:
    await ack(response_action="errors", errors={forms.PROMPT: "\n".join(mistakes)})
