"""Signing in and out, and the language."""

from __future__ import annotations

from flask import Blueprint, Response, redirect, render_template, request, session, url_for
from flask_babel import gettext
from flask_login import current_user, login_user, logout_user
from werkzeug.wrappers import Response as BaseResponse

from engine.people.passwords import check_password
from webapp.addresses import inside
from webapp.database import db
from webapp.language import COOKIE, LANGUAGES
from webapp.pages.typed import show_again
from webapp.sign_in import Account
from webapp.tickets import Typed

blueprint = Blueprint("account", __name__)
YEAR = 365 * 24 * 3600


@blueprint.get("/sign-in")
def sign_in() -> str | BaseResponse:
    """The sign-in page; who is signed in already goes on."""
    onward = inside(request.args.get("next"), url_for("inbox.show"))
    if current_user.is_authenticated:
        return redirect(onward)
    return sign_in_page(onward)


@blueprint.post("/sign-in")
def sign_in_with_password() -> str | BaseResponse | tuple[str, int]:
    """Signs in, and goes on to where the person wanted to be, with what they had typed there."""
    onward = inside(request.form.get("next"), url_for("inbox.show"))
    typed_text = request.form.get("typed", "")
    account = request.form.get("account", "").strip()
    person = check_password(db.session(), account, request.form.get("password", ""))
    if person is None:
        refused = gettext("Account and password don't match. Check both; passwords are case-sensitive.")
        return sign_in_page(onward, typed=typed_text, account=account, refused=refused), 401
    session.clear()
    login_user(Account.of(person))
    session.permanent = True
    typed = Typed.read(typed_text)
    if typed is not None and typed.person_id == person.id:
        return show_again(typed)
    return redirect(onward)


@blueprint.post("/sign-out")
def sign_out() -> BaseResponse:
    """Signs out, and has the browser forget the pages that it kept."""
    logout_user()
    session.clear()
    response = redirect(url_for("account.sign_in"))
    response.headers["Clear-Site-Data"] = '"cache"'
    return response


@blueprint.post("/language")
def switch_language() -> Response | BaseResponse:
    """Switches the language of the pages, for this browser."""
    response = redirect(inside(request.form.get("next"), url_for("inbox.show")))
    chosen = request.form.get("language", "")
    if chosen in LANGUAGES:
        response.set_cookie(
            COOKIE, chosen, max_age=YEAR, httponly=True, samesite="Lax", secure=request.is_secure
        )
    return response


def sign_in_page(onward: str, *, typed: str = "", account: str = "", refused: str = "") -> str:
    """The sign-in page.

    :param onward: the path to go to afterwards.
    :param typed: what was typed into a form before the session ended, as :class:`Typed` writes it.
    :param refused: why the last try failed.
    """
    return render_template("account/sign_in.html", next=onward, typed=typed, account=account, refused=refused)
