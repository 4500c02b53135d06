"""Draws precision against recall: points of two curves in, an SVG out."""

from collections.abc import Sequence

from training.calibrate import Point

_SIZE, _EDGE = 320, 40
_COLOURS = {"kinds": "#2b6cb0", "live": "#c05621"}


def svg(curves: dict[str, Sequence[Point]], chosen: dict[str, Point]) -> str:
    """Both curves from 0.5 to 1 on either axis, with the chosen points marked."""
    parts = [_frame()]
    for i, (name, points) in enumerate(curves.items()):
        colour = _COLOURS.get(name, "#4a5568")
        shown = [p for p in points if p.precision >= 0.5 and p.recall >= 0.5]
        path = " ".join(f"{_x(p.recall):.1f},{_y(p.precision):.1f}" for p in shown)
        parts.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>')
        mark = chosen[name]
        parts.append(
            f'<circle cx="{_x(mark.recall):.1f}" cy="{_y(mark.precision):.1f}" r="4" fill="{colour}"/>'
        )
        told = f"{name}: F1 {mark.f1:.3f} at {mark.threshold:.2f}"
        parts.append(f'<text x="{_EDGE + 10}" y="{_SIZE - 60 + 18 * i}" fill="{colour}">{told}</text>')
    size = _SIZE + _EDGE
    font = 'font-family="sans-serif" font-size="12"'
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size} {size}" {font}>'
    return "\n".join([head, f'<rect width="{size}" height="{size}" fill="white"/>', *parts, "</svg>\n"])


def _frame() -> str:
    lines = []
    for step in range(6):
        value = 0.5 + step / 10
        x, y = _x(value), _y(value)
        lines += [
            f'<line x1="{x:.1f}" y1="{_y(0.5):.1f}" x2="{x:.1f}" y2="{_y(1):.1f}" stroke="#e2e8f0"/>',
            f'<line x1="{_x(0.5):.1f}" y1="{y:.1f}" x2="{_x(1):.1f}" y2="{y:.1f}" stroke="#e2e8f0"/>',
            f'<text x="{x - 8:.1f}" y="{_SIZE + 16}">{value:.1f}</text>',
            f'<text x="{_EDGE - 26}" y="{y + 4:.1f}">{value:.1f}</text>',
        ]
    lines.append(f'<text x="{_SIZE // 2}" y="{_SIZE + 32}">recall</text>')
    lines.append('<text x="4" y="14">precision</text>')
    return "\n".join(lines)


def _x(value: float) -> float:
    return _EDGE + (value - 0.5) * 2 * (_SIZE - _EDGE)


def _y(value: float) -> float:
    return _SIZE - (value - 0.5) * 2 * (_SIZE - _EDGE)
