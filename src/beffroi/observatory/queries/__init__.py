"""Reads that join indicators, territories and their outlines into the tables that methods take."""
