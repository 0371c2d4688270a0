"""Every figure of a report as a PNG."""

import io
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from matplotlib import rc_context
from matplotlib.image import imsave

from oxycell.report.figures import chart_figures
from oxycell.report.line_figures import line_figures
from oxycell.report.plan import plan_figures
from oxycell.report.sections import choose_planes, plane_figures
from oxycell.report.style import DPI, RC


def draw(mesh, record, report, first=0, every=1):
    """Every figure of a report, or every n-th group of them from the first on, so that several processes share them.

    Parameters
    ----------
    mesh : Mesh; record : dict; report : dict
    first, every : int

    Returns
    -------
    dict (number of the group, number in it) → (file name, title, caption, PNG as bytes); sorted by its keys it is in the order of the page
    """
    planes = [partial(plane_figures, number=number, chosen=chosen) for number, chosen in enumerate(choose_planes(mesh, record))]
    groups = [chart_figures, *planes, plan_figures, line_figures]
    pictures = {}
    with rc_context(RC), ThreadPoolExecutor(1) as beside:
        for group in range(first, len(groups), every):
            for number, (name, title, caption, figure) in enumerate(groups[group](mesh, record, report)):
                figure.canvas.draw()
                pictures[group, number] = name, title, caption, beside.submit(encode, figure.canvas.buffer_rgba())
    return {key: (name, title, caption, packed.result()) for key, (name, title, caption, packed) in pictures.items()}


def encode(pixels):
    """Pixels (n, m, 4) of a figure as the bytes of a PNG; compresses while others run."""
    data = io.BytesIO()
    imsave(data, pixels, format="png", dpi=DPI, metadata={"Software": None}, pil_kwargs={"compress_level": 3})
    return data.getvalue()
