"""What a load leaves people to decide, on its own page: the apps that know are above the one that shows loads."""

from typing import Any

from django import template
from django.urls import reverse

from beffroi.actors.enums import SameAsState
from beffroi.actors.models import SameAs
from beffroi.funding.enums import LinkState
from beffroi.funding.models import LineLink
from beffroi.funding.queries.unnumbered import unnumbered
from beffroi.provenance.models import Load

register = template.Library()


@register.inclusion_tag("components/follow_ups.html", takes_context=True)
def follow_ups(context: dict[str, Any], load: Load) -> dict[str, Any]:
    if load.profile.target != "grants":
        return {}
    user = context["request"].user
    pairs = SameAs.objects.visible_to(user).filter(load=load, state=SameAsState.PROPOSED).count()
    links = LineLink.objects.current().visible_to(user).filter(load=load)
    return {
        "unnumbered": unnumbered(load).height,
        "pairs": pairs,
        "pairs_address": f"{reverse('actors:same_as')}?load={load.pk}",
        "links": links.filter(state=LinkState.PROPOSED).count(),
        "joined": links.filter(state=LinkState.ACCEPTED).count(),
        "links_address": f"{reverse('funding:links')}?load={load.pk}",
    }
