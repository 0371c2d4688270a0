"""Names for the parts a section shows, and places for them where they cover nothing else."""

import re

import numpy as np

_ASPECT = 0.58  # mean width of a letter over its height
POINT = 1.0 / 72.0  # inch


def readable(name):
    """A key as words: anode_ohmic → anode ohmic."""
    return name.replace("_", " ")


def part_name(region):
    """A region's name without its number, as words: anode_28.plate → anode plate."""
    return re.sub(r"_(\d+|\*)(?=\W|_|$)", "", region).replace("_", " ").replace(".", " ").strip() or region


def part_index(region_names):
    """Parts that regions belong to: (n_regions,) int, and their names in order of appearance."""
    names = [part_name(region) for region in region_names]
    parts = list(dict.fromkeys(names))
    return np.array([parts.index(name) for name in names]), parts


class Layout:
    """Free room in a raster of a drawing.

    Attributes
    ----------
    a, b : (n_a,), (n_b,) [m], pixel centres, evenly spaced
    scale : [inch/m]
    taken : (n_b, n_a) bool
    """

    def __init__(self, a, b, scale):
        self.a, self.b, self.scale = a, b, scale
        self.taken = np.zeros((b.size, a.size), bool)
        self.step = (a[-1] - a[0]) / max(a.size - 1, 1), (b[-1] - b[0]) / max(b.size - 1, 1)

    def box(self, text, size, turned=False):
        """Pixels along a and b that a text of a size [point] covers."""
        wide, tall = (
            _ASPECT * size * POINT * max(map(len, text.split("\n"))),
            1.25 * size * POINT * (text.count("\n") + 1),
        )
        wide, tall = (tall, wide) if turned else (wide, tall)
        return max(1, int(np.ceil(wide / self.scale / self.step[0]))), max(
            1, int(np.ceil(tall / self.scale / self.step[1]))
        )

    def room(self, mask, box):
        """Pixels (n_b, n_a) a box can be centred on without leaving a mask or covering what is taken."""
        return self.within(mask & ~self.taken, box)

    @staticmethod
    def within(mask, box):
        """Pixels (n_b, n_a) a box can be centred on without leaving a mask."""
        wide, tall = box
        fits = np.zeros(mask.shape, bool)
        if wide > mask.shape[1] or tall > mask.shape[0]:
            return fits
        sums = np.zeros((mask.shape[0] + 1, mask.shape[1] + 1), np.int64)
        sums[1:, 1:] = mask.cumsum(0).cumsum(1)
        whole = sums[tall:, wide:] - sums[:-tall, wide:] - sums[tall:, :-wide] + sums[:-tall, :-wide] == wide * tall
        fits[tall // 2 : tall // 2 + whole.shape[0], wide // 2 : wide // 2 + whole.shape[1]] = whole
        return fits

    def take(self, row, column, box):
        """Mark a box round a pixel as taken."""
        wide, tall = box
        self.taken[
            max(0, row - tall // 2) : row + tall // 2 + 1, max(0, column - wide // 2) : column + wide // 2 + 1
        ] = True

    def put(self, mask, text, size, turn=True):
        """Best place for a text inside a mask: (a, b, turned), nearest to the mask's middle; None where it fits
        nowhere."""
        if not mask.any():
            return None
        for turned in (False, True) if turn else (False,):
            box = self.box(text, size, turned)
            rows, columns = np.nonzero(self.room(mask, box))
            if rows.size:
                middle_row, middle_column = np.argwhere(mask).mean(0)
                best = np.argmin((rows - middle_row) ** 2 + (columns - middle_column) ** 2)
                self.take(rows[best], columns[best], box)
                return self.a[columns[best]], self.b[rows[best]], turned
        return None

    def along(self, lines, text, size, allowed):
        """Place for the label of a contour: the point of its lines (n, 2) with the most room round it, None without
        room."""
        points = np.concatenate(lines)
        column = np.clip(((points[:, 0] - self.a[0]) / self.step[0]).round().astype(int), 0, self.a.size - 1)
        row = np.clip(((points[:, 1] - self.b[0]) / self.step[1]).round().astype(int), 0, self.b.size - 1)
        box = self.box(text, size)
        for more in (3, 2, 1):
            fits = np.flatnonzero(self.room(allowed, (more * box[0], more * box[1]))[row, column])
            if fits.size:
                best = fits[fits.size // 2]
                self.take(row[best], column[best], box)
                return points[best]
        return None


def label_parts(layout, parts, names, size, most):
    """Where to write the names of the parts of a section.

    Parameters
    ----------
    layout : Layout
    parts : (n_b, n_a) int, index of the part at each pixel, −1 for none
    names : list of str
    size : [point]
    most : how many names may be placed next to the section; the largest parts without room for theirs have them

    Returns
    -------
    inside : list of (text, a, b, turned) for parts with room for their name
    beside : list of (text, a, b) for the others: a point of the part, to be named from the right edge
    """
    inside, beside = [], []
    present, count = np.unique(parts[parts >= 0], return_counts=True)
    for part in present[np.argsort(count)]:  # small parts choose first
        mask = parts == part
        spot = layout.put(mask, names[part], size)
        if spot is not None:
            inside.append((names[part], *spot))
            continue
        rows, columns = next(
            found for wide in (5, 3, 1) if (found := np.nonzero(layout.within(mask, (wide, wide))))[0].size
        )
        best = np.argmax(columns)
        beside.append((names[part], float(layout.a[columns[best]]), float(layout.b[rows[best]])))
    return inside, beside[-most:]


def spread(wanted, gap, low, high):
    """Places in ascending order at least `gap` apart and within [low, high], near the wanted ones (n,), which
    ascend."""
    gap = min(gap, (high - low) / max(len(wanted) - 1, 1))
    out = np.clip(np.asarray(wanted, float), low, high)
    for i in range(1, len(out)):
        out[i] = max(out[i], out[i - 1] + gap)
    if len(out) and out[-1] > high:
        out[-1] = high
        for i in range(len(out) - 2, -1, -1):
            out[i] = min(out[i], out[i + 1] - gap)
    return out
