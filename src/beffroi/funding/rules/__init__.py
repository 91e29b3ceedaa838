from beffroi.funding.rules.amounts import COST, is_nobodys_money

__all__ = ["COST", "is_nobodys_money"]
