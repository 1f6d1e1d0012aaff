"""Chinese and English: which one a request gets, and texts that come from data in both."""

from __future__ import annotations

from typing import Any

from flask import Flask, request
from flask_babel import Babel, get_locale, gettext

from engine.errors import AnliuError

COOKIE = "anliu_language"
LANGUAGES = {"zh": "简体中文", "en": "English"}
"""What can be switched to, each in its own words; the first is the default."""

babel = Babel()


def language() -> str:
    """``zh`` or ``en``, by the visitor's own choice."""
    chosen = request.cookies.get(COOKIE)
    return chosen if chosen in LANGUAGES else next(iter(LANGUAGES))


def is_english() -> bool:
    """Whether the present request is answered in English."""
    locale = get_locale()
    return locale is not None and locale.language == "en"


def localized(zh: str | None, en: str | None) -> str:
    """A text from data in the reader's language; the other one where it is missing."""
    return (en or zh or "") if is_english() else (zh or en or "")


def error_text(error: Any) -> str:
    """What went wrong, in the reader's language.

    Texts of the code are translated by their template; texts of data bring their Chinese as the parameter ``zh``.

    :param error: an :class:`AnliuError` or a field error: something with ``template`` and ``params``.
    """
    params: dict[str, Any] = dict(error.params)
    zh = params.pop("zh", None)
    if zh and not is_english():
        return str(zh)
    text = gettext(error.template)
    return text % params if params else text


def next_step(error: AnliuError) -> str:
    """What the person can do about an error, by its code."""
    match error.code:
        case "not_found":
            return gettext(
                "It may have been moved, or your account may not see it. Check the address, or search the cases."
            )
        case "not_allowed" | "not_your_task":
            return gettext(
                "Ask the person or group that it belongs to, or an administrator if your role has changed."
            )
        case "already_done":
            return gettext("Nothing more needs to be done here. The case page shows how it went on.")
        case "conflict":
            return gettext("Open the page again and repeat what you were about to do. Nothing was changed.")
        case "invalid_form":
            return gettext("Go back, correct the marked fields and send the form again.")
        case "separation_of_duties":
            return gettext(
                "Another person has to take this task. Release it, so that a colleague can claim it."
            )
        case _:
            return gettext("Nothing was changed. If it happens again, tell an administrator the code above.")


def init_app(app: Flask, timezone: str) -> None:
    """Sets the languages up, and gives the templates what they need of them."""
    app.config.update(
        BABEL_DEFAULT_LOCALE="zh",
        BABEL_DEFAULT_TIMEZONE=timezone,
        BABEL_TRANSLATION_DIRECTORIES="translations",
    )
    babel.init_app(app, locale_selector=language)
    app.jinja_env.globals.update(
        localized=localized, is_english=is_english, languages=LANGUAGES, error_text=error_text
    )
