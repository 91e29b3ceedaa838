"""Reads across organisations and their edges, always in a fixed number of queries."""

from beffroi.actors.queries.directory import DirectoryRow, directory, directory_rows, naming_sources
from beffroi.actors.queries.heads import body_heads, head_of, same_as_heads
from beffroi.actors.queries.organisations import organisation_ids, organisation_search_rows, records_of, relations_to_items
from beffroi.actors.queries.register import organisations_of_load, register_card, sites_of
from beffroi.actors.queries.relations import SeenRelation, neighbours, relations_about
from beffroi.actors.queries.same_as import compared, group_ids, groups_of, same_as_group, same_as_groups

__all__ = [
    "DirectoryRow",
    "SeenRelation",
    "body_heads",
    "compared",
    "directory",
    "directory_rows",
    "group_ids",
    "head_of",
    "naming_sources",
    "neighbours",
    "organisation_ids",
    "organisation_search_rows",
    "organisations_of_load",
    "records_of",
    "register_card",
    "relations_about",
    "relations_to_items",
    "same_as_group",
    "groups_of",
    "same_as_groups",
    "sites_of",
    "same_as_heads",
]
