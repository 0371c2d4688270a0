"""The look that all figures of a report share: sizes, colours, head and axes."""

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

WIDTH = 7.2  # inch
DPI = 150
BLUE, ORANGE, GREEN, PINK, YELLOW = (
    "#0072b2",
    "#d55e00",
    "#009e73",
    "#cc79a7",
    "#e69f00",
)  # for colour-blind readers: Okabe & Ito (2008)
INK, GREY, FAINT, EMPTY, SOLID, ICE, FRONT = "#26323b", "#8a949c", "#c3cad0", "#f3f4f5", "#dcdfe1", "#cfe8f7", "#00a0e0"
RC = {
    "font.family": "DejaVu Sans",
    "font.size": 8.5,
    "text.color": INK,
    "text.usetex": False,
    "legend.fontsize": 8.5,
    "legend.frameon": False,
    "axes.labelsize": 9,
    "axes.labelcolor": INK,
    "axes.edgecolor": FAINT,
    "axes.linewidth": 0.8,
    "axes.grid": False,
    "axes.axisbelow": True,
    "axes.unicode_minus": True,
    "xtick.labelsize": 8.5,
    "ytick.labelsize": 8.5,
    "xtick.color": INK,
    "ytick.color": INK,
    "xtick.major.size": 3.0,
    "ytick.major.size": 3.0,
    "figure.dpi": DPI,
    "savefig.bbox": None,
}  # a user's own settings of matplotlib must not change a report


def canvas(height, title, note):
    """Empty figure with its head: what it shows, and of which run.

    Parameters
    ----------
    height : [inch] below the head
    title : str
    note : str, case and cell voltage

    Returns
    -------
    figure : Figure
    place : function (left, bottom, width, height) [inch] → new axes there
    """
    head = 0.58
    figure = Figure(figsize=(WIDTH, height + head), facecolor="white")
    FigureCanvasAgg(figure)
    figure.text(0.08 / WIDTH, 1.0 - 0.20 / (height + head), title, fontsize=10.5, fontweight="bold", va="center")
    figure.text(0.08 / WIDTH, 1.0 - 0.41 / (height + head), note, fontsize=8.5, color="#5b6872", va="center")

    def place(left, bottom, width, tall):
        return figure.add_axes((left / WIDTH, bottom / (height + head), width / WIDTH, tall / (height + head)))

    return figure, place


def headline(report):
    """The second line of a figure's head: case, cell voltage and current, and whether the run counts."""
    words = [report["title"] or "untitled case"]
    if len(words[0]) > 78:
        words[0] = words[0][:77] + "…"
    if report["voltage"]["cell_V"] is not None:
        volts = report["voltage"]["cell_V"]
        words.append(f"{volts:.3f} V" if abs(volts) >= 1.0 else f"{1e3 * volts:.4g} mV")
    if not report["status"]["converged"]:
        words.append("NOT CONVERGED")
    return "  ·  ".join(words)


def open_axes(axes, grid="both"):
    """Axes of a chart: no box, a faint grid."""
    for name, side in axes.spines.items():
        side.set_visible(name in ("left", "bottom"))
    if grid:
        axes.grid(axis=grid, color="#e6e9eb", linewidth=0.7)


def signed(value, digits):
    """A number with a true minus sign."""
    return f"{value:.{digits}f}".replace("-", "−")
