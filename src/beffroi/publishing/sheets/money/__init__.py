"""The money explorer: a question in plain words, its answer across programmes, territories and organisations."""
