"""The picture of a sweep: what its axes are called."""

from types import SimpleNamespace

from oxycell.sweep import page
from oxycell.sweep.study import Axis


def test_axes_are_called_by_their_label_or_the_last_words_of_their_key(monkeypatch):
    axes = (Axis(key="cell.anodes.gap", values=("50 mm", "60 mm", "70 mm"), label="anode-cathode distance"),
            Axis(together={"operation.line_current": ("130 kA", "140 kA"), "cell.bars": (1, 2)}))  # fmt: skip
    columns = {
        "cell.anodes.gap": ("mm", [50.0, 60.0, 70.0] * 2),
        "operation.line_current": ("kA", [130.0] * 3 + [140.0] * 3),
        "cell.bars": ("", [1, 1, 1, 2, 2, 2]),
        "voltage.cell_V": ("V", [4.0, 4.2, 4.4, 4.1, 4.3, 4.5]),
    }
    plan = SimpleNamespace(study=SimpleNamespace(axes=axes, samples=None, figures=()), cases=[None] * 6)
    monkeypatch.setattr(
        page, "_drawn", lambda columns, figures, labels, across, second, style: (labels[across], labels[second])
    )
    assert page.small_multiples(plan, columns) == ("anode-cathode distance", "operation line current")
    assert page._unit("degC") == "°C" and page._unit("mm") == "mm"
