"""The charts, under the name by which pages across domains know them; they are drawn in `core.charts`."""

from beffroi.core.charts import FACE, Spec, Table, bar_chart, coloured, line_chart, svg, target_chart

__all__ = ["FACE", "Spec", "Table", "bar_chart", "coloured", "line_chart", "svg", "target_chart"]
