from collections.abc import Mapping

from beffroi.funding.models import Programme


def state_caveats(caveats: Mapping[str, str]) -> None:
    """What a programme's text says of its own amounts, to be read beside each of them; by framework code."""
    for code, caveat in caveats.items():
        Programme.objects.filter(framework__code=code).update(caveat=caveat[:500])
