"""Every figure of a report as a PNG."""

import io
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import takewhile

from matplotlib import rc_context
from matplotlib.image import imsave

from oxycell.report.charts import chart_figures
from oxycell.report.course_figures import course_figures
from oxycell.report.line_figures import line_figures
from oxycell.report.plan import plan_figures
from oxycell.report.sections import choose_planes, plane_figures
from oxycell.report.style import DPI, RC


def draw(mesh, record, report, turns=range(32)):
    """Every figure of a report, or the groups of them whose turn it is, so that several processes share them.

    Parameters
    ----------
    mesh : Mesh; record : dict; report : dict
    turns : iterable of int, increasing; those behind the last group are none

    Returns
    -------
    dict (number of the group, number in it) → (file name, title, caption, PNG as bytes); sorted by its keys it is in
    the order of the page
    """
    planes = [
        partial(plane_figures, number=number, chosen=chosen)
        for number, chosen in enumerate(choose_planes(mesh, record))
    ]
    groups = [chart_figures, *planes, plan_figures, line_figures, course_figures]
    order = [*range(1, len(planes) + 1), 0, *range(len(planes) + 1, len(groups))]  # those that take longest first
    pictures = {}
    with rc_context(RC), ThreadPoolExecutor(1) as beside:
        for group in map(order.__getitem__, takewhile(len(groups).__gt__, turns)):
            for number, (name, title, caption, figure) in enumerate(groups[group](mesh, record, report)):
                figure.canvas.draw()
                pictures[group, number] = name, title, caption, beside.submit(encode, figure.canvas.buffer_rgba())
    return {key: (name, title, caption, packed.result()) for key, (name, title, caption, packed) in pictures.items()}


def encode(pixels):
    """Pixels (n, m, 4) of a figure as the bytes of a PNG; compresses while others run."""
    data = io.BytesIO()
    imsave(data, pixels, format="png", dpi=DPI, metadata={"Software": None}, pil_kwargs={"compress_level": 3})
    return data.getvalue()
