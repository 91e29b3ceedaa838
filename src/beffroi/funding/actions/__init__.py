from beffroi.funding.actions.caveats import state_caveats

__all__ = ["state_caveats"]
