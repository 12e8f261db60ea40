"""Quills, plates and scales: porcupine, armadillo, crocodile."""

import numpy as np

from wildcam.demo.legs import Gait, Legs
from wildcam.demo.pen import Pen

_BLACK, _WHITE = (34, 30, 30), (232, 226, 212)


# fmt: off
def draw_porcupine(pen: Pen, gait: Gait) -> None:
    """A dome of banded quills behind a blunt dark head."""
    coat = (58, 50, 46)
    torso = [(-0.6, 0.44), (-0.5, 0.72), (-0.1, 0.84), (0.3, 0.8), (0.56, 0.6), (0.5, 0.34), (0.1, 0.22),
             (-0.4, 0.24)]
    legs = Legs(0.36, -0.34, 0.36, (0.24, 0.15, 0.12), coat, _BLACK, _BLACK, paw=0.08, reach=0.34)
    legs.draw_far(pen, gait)
    pen.shape(torso, coat)
    legs.draw_near(pen, gait)
    for row, (length, height) in enumerate(((0.7, 0.74), (0.6, 0.64), (0.48, 0.52))):
        for i in range(17):
            t = (i + 0.5 * (row % 2)) / 17
            x, y = 0.26 - 0.84 * t, height - 0.24 * t**2 * (1 + row * 0.4)
            angle = np.radians(98 + 84 * t + 7 * (i % 3) + 6 * row)
            tip = (x + length * np.cos(angle), max(0.04, y + length * np.sin(angle)))
            middle = (x + 0.45 * (tip[0] - x), y + 0.45 * (tip[1] - y))
            beyond = (x + 0.75 * (tip[0] - x), y + 0.75 * (tip[1] - y))
            pen.limb([(x, y), tip], (0.05, 0.012), _BLACK)
            pen.limb([(x, y), middle], (0.05, 0.04), _WHITE if i % 2 else coat)
            pen.limb([beyond, tip], (0.028, 0.012), _WHITE)
    with pen.turned(9 * gait.head, (0.4, 0.6)):
        pen.shape([(0.3, 0.72), (0.56, 0.76), (0.78, 0.62), (0.9, 0.46), (0.86, 0.34), (0.6, 0.3),
                   (0.34, 0.4)], coat)
        for i in range(6):
            pen.limb([(0.38 + 0.05 * i, 0.7), (0.12 + 0.05 * i, 1.0 - 0.02 * i)], (0.03, 0.01),
                     _WHITE if i % 2 else _BLACK)
        pen.disc((0.88, 0.42), (0.05, 0.07), (92, 80, 74))
        pen.disc((0.54, 0.6), (0.05, 0.06), (92, 78, 70))
        pen.eye(0.72, 0.56, 0.026)


def draw_armadillo(pen: Pen, gait: Gait) -> None:
    """A banded shell, a pointed face with long ears, a tail of rings."""
    shell, groove, skin = (164, 146, 120), (96, 82, 66), (140, 112, 98)
    dome = [(-0.66, 0.28), (-0.6, 0.56), (-0.3, 0.8), (0.1, 0.82), (0.42, 0.66), (0.56, 0.36), (0.4, 0.22),
            (-0.4, 0.2)]
    legs = Legs(0.32, -0.36, 0.32, (0.2, 0.13, 0.1), skin, (92, 74, 64), (80, 66, 58), paw=0.1, reach=0.34)
    legs.draw_far(pen, gait)
    pen.limb([(-0.58, 0.36), (-0.95, 0.2), (-1.3, 0.07)], (0.2, 0.1, 0.02), skin)
    for i in range(7):
        t = i / 7
        pen.limb([(-0.66 - 0.6 * t, 0.39 - 0.24 * t), (-0.69 - 0.6 * t, 0.27 - 0.24 * t)], (0.025, 0.025),
                 groove)
    legs.draw_near(pen, gait)
    with pen.turned(8 * gait.head - 4, (0.45, 0.45)):
        for shift in (0.0, 0.08):
            pen.limb([(0.6 + shift, 0.52), (0.54 + shift, 0.74)], (0.08, 0.05), skin)
        pen.shape([(0.42, 0.5), (0.6, 0.56), (0.76, 0.46), (1.02, 0.2), (0.99, 0.15), (0.75, 0.22),
                   (0.5, 0.28)], skin)
        pen.eye(0.74, 0.4, 0.024)
    pen.shape(dome, shell)
    with pen.inside(dome):
        for i in range(8):
            x = -0.3 + 0.074 * i
            pen.limb([(x - 0.04, 0.16), (x + 0.02, 0.5), (x - 0.03, 0.9)], (0.024, 0.03, 0.024), groove)
        for i in range(36):
            side = -0.62 + 0.06 * (i % 5) if i < 20 else 0.3 + 0.06 * (i % 4)
            pen.disc((side, 0.26 + 0.13 * (i // 5 % 4)), (0.018, 0.022), groove)
        pen.shape([(-0.7, 0.3), (0.0, 0.27), (0.6, 0.3), (0.6, 0.1), (-0.7, 0.1)], groove)


def draw_crocodile(pen: Pen, gait: Gait) -> None:
    """Long and flat with a ridged tail and an open grin."""
    back, side, belly = (74, 78, 52), (104, 104, 70), (186, 178, 134)
    body = [(-1.9, 0.1), (-1.2, 0.28), (-0.7, 0.42), (0.0, 0.48), (0.6, 0.42), (0.9, 0.34), (0.9, 0.18),
            (0.4, 0.1), (-0.6, 0.1), (-1.2, 0.1)]
    legs = Legs(0.5, -0.5, 0.26, (0.16, 0.12, 0.1), side, back, back, paw=0.12, reach=0.5)
    legs.draw_far(pen, gait)
    sway = 0.1 * float(np.sin(2 * np.pi * gait.phase)) * gait.stride
    pen.limb([(-0.9, 0.26), (-1.4, 0.2), (-1.85, 0.12 + sway), (-2.2, 0.08 + 2 * abs(sway))],
             (0.3, 0.2, 0.11, 0.02), side)
    pen.shape(body, side)
    with pen.inside(body):
        pen.shape([(-1.6, 0.14), (0.0, 0.2), (1.0, 0.24), (1.0, 0.0), (-1.6, 0.0)], belly)
        pen.shape([(-2.0, 0.26), (-0.7, 0.36), (0.0, 0.4), (0.9, 0.34), (0.9, 0.7), (-2.0, 0.7)], back)
    for i in range(22):
        x = 0.5 - 0.12 * i
        y = 0.44 - 0.06 * abs(x) ** 1.6 if x > -1 else 0.385 + 0.2 * (x + 1)
        pen.patch([(x - 0.05, y - 0.05), (x, y + 0.085), (x + 0.05, y - 0.05)], back)
    legs.draw_near(pen, gait)
    with pen.turned(6 + 5 * gait.head, (0.8, 0.26)):
        pen.shape([(0.76, 0.28), (1.0, 0.24), (1.72, 0.16), (1.74, 0.1), (1.3, 0.08), (0.8, 0.12)], side)
        pen.shape([(0.84, 0.26), (1.2, 0.2), (1.7, 0.16), (1.3, 0.14), (0.84, 0.18)], belly)
        with pen.turned(10, (0.9, 0.26)):
            for i in range(7):
                pen.patch([(1.08 + 0.09 * i, 0.24), (1.11 + 0.09 * i, 0.17), (1.14 + 0.09 * i, 0.24)], _WHITE)
            pen.shape([(0.76, 0.34), (0.94, 0.42), (1.08, 0.36), (1.6, 0.3), (1.74, 0.32), (1.76, 0.22),
                       (1.2, 0.21), (0.8, 0.22)], back)
            pen.eye(0.96, 0.4, 0.032)
