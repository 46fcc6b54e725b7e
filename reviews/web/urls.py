"""The addresses of the HTML face, by noun; those of a spec come last, its own words being reserved as release labels."""

from __future__ import annotations

from django.contrib.auth.views import LogoutView
from django.urls import URLPattern, URLResolver, path, register_converter

from reviews.web.converters import AnchorConverter, LabelConverter
from reviews.web.views import accounts, clauses, comparisons, events, images, members, people, reading, releases, specs

register_converter(LabelConverter, "label")
register_converter(AnchorConverter, "anchor")

urlpatterns: list[URLPattern | URLResolver] = [
    path("", specs.index),
    path("new/", specs.new),
    path("sign-in/", accounts.SignIn.as_view()),
    path("sign-out/", LogoutView.as_view()),
    path("password/", accounts.ask_reset),
    path("password/sent/", accounts.reset_sent),
    path("password/change/", accounts.change_password),
    path("password/<uidb64>/<token>/", accounts.SetPassword.as_view()),
    path("me/", people.me),
    path("me/tokens/", people.create_token),
    path("me/tokens/<slug:public_id>/revocation", people.revoke_token),
    path("enter/<slug:secret>/", people.enter),
    path("invitations/<slug:secret>/", people.invitation),
    path("<slug:slug>/settings/", specs.settings),
    path("<slug:slug>/settings/levels", specs.set_levels),
    path("<slug:slug>/archive", specs.archive),
    path("<slug:slug>/restoration", specs.restore),
    path("<slug:slug>/members/", members.index),
    path("<slug:slug>/members/invitations", members.invite),
    path("<slug:slug>/members/invitations/<slug:public_id>/revocation", members.revoke_invitation),
    path("<slug:slug>/members/<slug:public_id>/roles", members.change_roles),
    path("<slug:slug>/members/<slug:public_id>/removal", members.remove),
    path("<slug:slug>/", reading.home),
    path("<slug:slug>/current/", reading.current),
    path("<slug:slug>/draft/", reading.draft),
    path("<slug:slug>/draft/<anchor:anchor>/", clauses.in_draft),
    path("<slug:slug>/view-as-public", reading.view_as_public),
    path("<slug:slug>/clauses/counts", reading.counts),
    path("<slug:slug>/compare/", comparisons.choose),
    path("<slug:slug>/compare/<str:pair>/", comparisons.comparison),
    path("<slug:slug>/releases/", releases.index),
    path("<slug:slug>/releases/new/", releases.new),
    path("<slug:slug>/releases/assembling/", releases.assemble),
    path("<slug:slug>/releases/assembling/publish", releases.publish),
    path("<slug:slug>/releases/assembling/abandon", releases.abandon),
    path("<slug:slug>/releases/<label:label>/", releases.detail),
    path("<slug:slug>/activity/", events.index),
    path("<slug:slug>/images/<slug:digest>", images.picture),
    path("<slug:slug>/<label:label>/files/<anchor:name>", releases.file),
    path("<slug:slug>/<label:label>/", reading.release),
    path("<slug:slug>/<label:label>/<anchor:anchor>/", clauses.in_release),
]
