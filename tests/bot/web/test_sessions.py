"""Who may come in: tokens, the page's cookie, and what other sites may not do with it."""

from __future__ import annotations

from dataclasses import replace
from http.cookies import SimpleCookie

import pytest

from core.generation import Requester
from tests.bot.web.site import CONFIG, MAYA, Answer, Site, serving
from tests.fakes.workshop import Workshop

SAME = {"Sec-Fetch-Site": "same-origin"}


def cookie(answer: Answer) -> str:
    """As a browser would send it back."""
    jar = SimpleCookie(answer.headers["Set-Cookie"])
    return "; ".join(f"{name}={morsel.value}" for name, morsel in jar.items())


async def signed_in(site: Site) -> dict[str, str]:
    answer = await site.signed_in_with(None).ask("POST", "/sign-in", data={"token": site.token}, headers=SAME)
    assert (answer.status, answer.headers["Location"]) == (303, "/")
    return {"Cookie": cookie(answer)}


@pytest.mark.parametrize(
    "authorization",
    [None, "Bearer", "Bearer limner_wrong", "Basic bWF5YTpw", "limner_x", "Bearer " + "x" * 5000],
    ids=lambda value: str(value)[:20],
)
async def test_without_a_valid_token_nothing_is_answered_or_stored(
    site: Site, workshop: Workshop, authorization: str | None
) -> None:
    headers = {"Authorization": authorization} if authorization else {}
    answer = await site.signed_in_with(None).rest("POST", "/images/generate", json={"prompt": "a"}, headers=headers)
    assert answer.status == 401
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")
    assert workshop.store.generations == {}


async def test_a_wrong_token_is_not_saved_by_a_good_session(site: Site) -> None:
    headers = await signed_in(site) | SAME | {"Authorization": "Bearer limner_wrong"}
    answer = await site.signed_in_with(None).rest("POST", "/images/generate", json={"prompt": "a"}, headers=headers)
    assert answer.status == 401


async def test_a_session_acts_for_its_user_from_the_page_itself(site: Site, workshop: Workshop) -> None:
    headers = await signed_in(site) | SAME
    answer = await site.signed_in_with(None).rest("POST", "/images/generate", json={"prompt": "a"}, headers=headers)
    assert answer.status == 202
    assert [one.requester for one in workshop.store.generations.values()] == [MAYA]


@pytest.mark.parametrize(
    "foreign",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "none"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {},
    ],
    ids=str,
)
async def test_another_site_cannot_act_with_a_session(site: Site, workshop: Workshop, foreign: dict[str, str]) -> None:
    task = await site.generate()
    nobody, headers = site.signed_in_with(None), await signed_in(site) | foreign
    posted = await nobody.rest("POST", "/images/generate", json={"prompt": "a"}, headers=headers)
    deleted = await nobody.rest("DELETE", f"/images/tasks/{task}", headers=headers)
    assert (posted.status, deleted.status) == (403, 403)
    assert len(workshop.store.generations) == 1


async def test_an_origin_that_is_ours_is_enough_where_a_browser_says_no_more(site: Site) -> None:
    for origin in (site.url, "https://limner.example"):
        headers = await signed_in(site) | {"Origin": origin}
        answer = await site.signed_in_with(None).rest("POST", "/images/generate", json={"prompt": "a"}, headers=headers)
        assert answer.status == 202


async def test_the_cookie_is_kept_from_scripts_other_sites_and_plain_http(site: Site) -> None:
    answer = await site.ask("POST", "/sign-in", data={"token": site.token}, headers=SAME)
    (morsel,) = SimpleCookie(answer.headers["Set-Cookie"]).values()
    assert morsel.key == "__Host-limner"
    assert (morsel["httponly"], morsel["secure"], morsel["samesite"], morsel["path"]) == (True, True, "Strict", "/")


async def test_a_forged_or_foreign_cookie_is_nobodys(site: Site) -> None:
    good = (await signed_in(site))["Cookie"]
    for bad in (good[:-2] + "xx", "__Host-limner=", "__Host-limner=WyJ3ZWIiXQ.x.y", good.replace("__Host-", "")):
        answer = await site.signed_in_with(None).ask("GET", "/images/x/download", headers={"Cookie": bad})
        assert answer.status == 401


async def test_a_wrong_token_at_the_door_is_told_and_gets_no_cookie(site: Site) -> None:
    for token in ("limner_wrong", "", "x" * 300):
        answer = await site.ask("POST", "/sign-in", data={"token": token}, headers=SAME)
        assert answer.status == 401
        assert 'role="alert"' in answer.text
        assert "Set-Cookie" not in answer.headers


async def test_another_site_cannot_sign_anyone_in_or_out(site: Site) -> None:
    for path in ("/sign-in", "/sign-out"):
        answer = await site.ask("POST", path, data={"token": site.token}, headers={"Sec-Fetch-Site": "cross-site"})
        assert answer.status == 403
        assert "Set-Cookie" not in answer.headers


async def test_signing_out_ends_the_session(site: Site) -> None:
    answer = await site.ask("POST", "/sign-out", headers=await signed_in(site) | SAME)
    (morsel,) = SimpleCookie(answer.headers["Set-Cookie"]).values()
    assert (answer.status, morsel.value, morsel["max-age"]) == (303, "", "0")


async def test_the_page_of_nobody_leads_to_the_door(site: Site) -> None:
    answer = await site.signed_in_with(None).ask("GET", "/", headers={"Accept": "text/html"})
    assert (answer.status, answer.headers["Location"]) == (303, "/sign-in")


async def test_who_comes_by_a_link_from_another_site_is_looked_at_twice(site: Site) -> None:
    nobody = site.signed_in_with(None)
    first = await nobody.ask("GET", "/", headers={"Sec-Fetch-Site": "cross-site"})
    assert (first.status, first.headers["Refresh"]) == (200, "0")
    second = await nobody.ask("GET", "/", headers={"Sec-Fetch-Site": "same-origin"})
    assert (second.status, second.headers["Location"]) == (303, "/sign-in")


async def test_an_open_server_signs_in_whoever_opens_the_page_but_only_by_its_own_names() -> None:
    config = replace(CONFIG, public_url="http://limner.home:8080", open_as=MAYA)
    async with serving(Workshop(), config) as site:
        nobody = site.signed_in_with(None)
        page = await nobody.ask("GET", "/")
        headers = {"Cookie": cookie(page)} | SAME
        assert (await nobody.rest("POST", "/images/generate", json={"prompt": "a"}, headers=headers)).status == 202
        assert (await nobody.rest("POST", "/images/generate", json={"prompt": "a"})).status == 401
        for known in ("localhost:1", "127.0.0.1", "[::1]:8080", "limner.home"):
            assert (await nobody.ask("GET", "/healthz", headers={"Host": known})).status == 200
        for foreign in ("evil.example", "limner.home.evil.example", "127.0.0.1.nip.io", "", "a b", "10.0.0.1"):
            rebound = await nobody.ask("GET", "/", headers={"Host": foreign})
            assert rebound.status in {400, 421}
            assert "Set-Cookie" not in rebound.headers


def test_the_secret_key_is_in_no_repr() -> None:
    assert "not a secret here" not in repr(CONFIG)


async def test_a_session_ends_with_the_token_that_it_was_begun_with(site: Site, workshop: Workshop) -> None:
    headers, nobody = await signed_in(site) | SAME, site.signed_in_with(None)
    assert (await nobody.rest("GET", "/queue", headers=headers)).status == 200
    assert await site.studio.accounts.revoke_tokens("maya") == 1
    await site.as_user("maya")  # another token of hers does not bring it back
    assert (await nobody.rest("GET", "/queue", headers=headers)).status == 401
    assert (await nobody.ask("GET", "/", headers=headers)).status == 303
    posted = await nobody.rest("POST", "/images/generate", json={"prompt": "a"}, headers=headers)
    assert posted.status == 401
    assert workshop.store.generations == {}


async def test_a_session_of_an_open_page_ends_when_the_page_is_closed_or_opened_as_another() -> None:
    opened = replace(CONFIG, public_url="http://limner.home:8080", open_as=MAYA)
    async with serving(Workshop(), opened) as site:
        headers = {"Cookie": cookie(await site.signed_in_with(None).ask("GET", "/"))}
        assert (await site.signed_in_with(None).rest("GET", "/queue", headers=headers)).status == 200
    for config in (replace(opened, open_as=None), replace(opened, open_as=Requester("web", "eve", "eve"))):
        async with serving(Workshop(), config) as site:
            assert (await site.signed_in_with(None).rest("GET", "/queue", headers=headers)).status == 401
