from beffroi.accounts.enums import RemovalBlocker


def blockers_to_removal(*, is_self: bool, is_administrator: bool, other_administrators: int) -> list[RemovalBlocker]:
    """Nobody locks the door from outside: neither on oneself, nor on the last person who holds the keys."""
    blockers = []
    if is_self:
        blockers.append(RemovalBlocker.IS_SELF)
    if is_administrator and not other_administrators:
        blockers.append(RemovalBlocker.LAST_ADMINISTRATOR)
    return blockers
