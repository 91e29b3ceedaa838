"""What decides of an amount. Pure."""

# The total cost that a source prints is a base, not somebody's money.
COST = "cout-total"


def is_nobodys_money(funder: str) -> bool:
    return funder == COST or funder.startswith("total-") or funder.endswith("-total")
