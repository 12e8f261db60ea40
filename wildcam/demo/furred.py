"""Paws and fur: ocelot, bear, monkey, anteater. Shoulder height is about one unit."""

import numpy as np

from wildcam.demo.legs import Gait, Legs
from wildcam.demo.pen import Pen

_BLACK, _WHITE = (30, 26, 24), (236, 228, 212)


# fmt: off
def draw_ocelot(pen: Pen, gait: Gait) -> None:
    """A long low cat with rosettes and a ringed tail."""
    gold, dark = (206, 160, 96), (150, 112, 66)
    torso = [(-0.86, 0.74), (-0.76, 0.96), (-0.3, 0.94), (0.2, 0.9), (0.6, 0.98), (0.8, 0.84), (0.7, 0.56),
             (0.3, 0.46), (-0.3, 0.48), (-0.7, 0.52)]
    legs = Legs(0.58, -0.68, 0.66, (0.27, 0.13, 0.1), gold, dark, gold, paw=0.1, reach=0.34)
    legs.draw_far(pen, gait)
    tail = [(-0.8, 0.86), (-1.1, 0.72), (-1.3, 0.46), (-1.52, 0.42)]
    pen.limb(tail, (0.13, 0.12, 0.11, 0.09), gold)
    for x, y in ((-1.0, 0.79), (-1.14, 0.68), (-1.24, 0.55), (-1.34, 0.45), (-1.46, 0.42)):
        pen.disc((x, y), (0.035, 0.07), _BLACK)
    pen.shape(torso, gold)
    with pen.inside(torso):
        pen.shape([(-0.8, 0.52), (0.0, 0.56), (0.7, 0.56), (0.7, 0.3), (-0.8, 0.3)], _WHITE)
        for i in range(30):
            x, y = -0.78 + 0.16 * (i % 10) + 0.08 * (i // 10 % 2), 0.9 - 0.13 * (i // 10)
            pen.disc((x, y), (0.06, 0.042), _BLACK)
            pen.disc((x, y), (0.032, 0.018), (178, 120, 62))
    legs.draw_near(pen, gait)
    for x, y in ((0.58, 0.5), (0.62, 0.36), (0.54, 0.28), (-0.62, 0.5), (-0.7, 0.4), (-0.56, 0.36),
                 (-0.72, 0.24)):
        pen.disc((x, y), (0.03, 0.024), _BLACK)
    with pen.turned(14 * gait.head - 8, (0.66, 0.86)):
        pen.limb([(0.62, 0.86), (0.92, 1.0)], (0.38, 0.3), gold)
        for shift in (0.0, 0.17):
            pen.patch([(0.88 + shift, 1.12), (0.91 + shift, 1.29), (1.01 + shift, 1.16)], _BLACK)
        pen.shape([(0.8, 1.02), (0.86, 1.16), (1.0, 1.21), (1.14, 1.13), (1.26, 1.0), (1.23, 0.9),
                   (1.1, 0.85), (0.9, 0.86)], gold)
        pen.shape([(1.06, 0.98), (1.25, 1.0), (1.22, 0.9), (1.08, 0.86)], _WHITE)
        pen.disc((1.25, 0.99), (0.035, 0.03), (110, 60, 56))
        pen.limb([(0.9, 1.02), (1.08, 1.04)], (0.03, 0.02), _BLACK)
        pen.eye(1.1, 1.07, 0.032)


def draw_bear(pen: Pen, gait: Gait) -> None:
    """Black and bulky, small round ears, a brown muzzle, flat feet."""
    coat, far = (46, 40, 40), (28, 25, 26)
    torso = [(-0.86, 0.66), (-0.82, 0.96), (-0.5, 1.14), (0.0, 1.1), (0.35, 1.18), (0.66, 1.0), (0.66, 0.6),
             (0.3, 0.36), (-0.3, 0.32), (-0.7, 0.42)]
    legs = Legs(0.46, -0.58, 0.6, (0.42, 0.26, 0.2), coat, far, far, paw=0.16, reach=0.3)
    legs.draw_far(pen, gait)
    pen.shape(torso, coat)
    legs.draw_near(pen, gait)
    with pen.turned(14 * gait.head - 4, (0.55, 0.9)):
        pen.limb([(0.5, 0.9), (0.85, 0.95)], (0.56, 0.42), coat)
        for shift in (0.0, 0.15):
            pen.disc((0.8 + shift, 1.2), (0.075, 0.085), coat if shift else far)
        pen.shape([(0.68, 1.04), (0.84, 1.2), (1.02, 1.16), (1.14, 1.02), (1.36, 0.94), (1.36, 0.8),
                   (1.15, 0.74), (0.85, 0.74)], coat)
        pen.shape([(1.14, 0.98), (1.36, 0.93), (1.37, 0.81), (1.16, 0.77)], (150, 108, 72))
        pen.disc((1.36, 0.91), (0.04, 0.04), (14, 12, 12))
        pen.eye(1.08, 1.04, 0.026)


def draw_monkey(pen: Pen, gait: Gait) -> None:
    """High shoulders, a sloping back, a long tail in a question mark, a bare dark face."""
    coat, far, face = (132, 108, 68), (92, 74, 48), (64, 48, 44)
    torso = [(-0.56, 0.56), (-0.5, 0.76), (-0.1, 0.9), (0.3, 1.08), (0.52, 0.98), (0.5, 0.66), (0.2, 0.5),
             (-0.3, 0.44)]
    legs = Legs(0.38, -0.4, 0.62, (0.28, 0.14, 0.1), coat, far, face, paw=0.12, reach=0.34)
    legs.draw_far(pen, gait)
    pen.limb([(-0.5, 0.7), (-0.72, 1.0), (-0.78, 1.38), (-0.98, 1.52), (-1.16, 1.36)],
             (0.12, 0.1, 0.09, 0.08, 0.07), coat)
    pen.shape(torso, coat)
    pen.disc((-0.53, 0.66), (0.07, 0.1), (176, 118, 112))
    legs.draw_near(pen, gait)
    with pen.turned(18 * gait.head, (0.45, 1.0)):
        pen.shape([(0.14, 1.04), (0.36, 1.22), (0.6, 1.1), (0.62, 0.8), (0.42, 0.62), (0.2, 0.74)],
                  (150, 126, 84))
        pen.disc((0.58, 1.2), (0.21, 0.21), coat)
        pen.shape([(0.62, 1.3), (0.74, 1.26), (0.92, 1.12), (0.92, 1.02), (0.78, 0.99), (0.64, 1.06)], face)
        pen.disc((0.46, 1.2), (0.05, 0.065), face)
        pen.eye(0.7, 1.22, 0.026)


def draw_anteater(pen: Pen, gait: Gait) -> None:
    """A tube of a head, a flag of a tail, a black band edged with white."""
    coat, far = (118, 104, 88), (70, 62, 54)
    torso = [(-0.7, 0.6), (-0.6, 0.86), (-0.1, 0.98), (0.35, 0.98), (0.62, 0.84), (0.6, 0.58), (0.2, 0.42),
             (-0.4, 0.42)]
    legs = Legs(0.44, -0.48, 0.56, (0.26, 0.17, 0.14), coat, far, _BLACK, paw=0.04, reach=0.28)
    legs.draw_far(pen, gait)
    for i, root in enumerate(np.linspace(0, 1, 44)):
        x, y = -0.6 - 0.75 * root, 0.74 - 0.28 * root + 0.12 * np.sin(3 * root)
        droop = 0.5 - 0.14 * root + 0.06 * (i % 3)
        pen.limb([(x + 0.1, y), (x - 0.12, y - droop * 0.5), (x - 0.22, max(0.02, y - droop))],
                 (0.12, 0.09, 0.02), coat if i % 3 else far)
    pen.limb([(-0.6, 0.78), (-0.95, 0.78), (-1.38, 0.54)], (0.3, 0.16, 0.04), coat)
    pen.shape(torso, coat)
    legs.draw_near(pen, gait)
    with pen.turned(7 * gait.head - 3, (0.55, 0.8)):
        pen.shape([(0.45, 0.95), (0.7, 0.97), (0.95, 0.84), (1.5, 0.46), (1.5, 0.4), (1.1, 0.5), (0.75, 0.6),
                   (0.5, 0.58)], coat)
        pen.disc((0.78, 0.92), (0.05, 0.06), far)
        pen.eye(0.95, 0.76, 0.022)
    band = [(0.74, 0.66), (0.6, 0.52), (0.4, 0.6), (-0.16, 0.92), (0.3, 0.8)]
    pen.shape([(x, y + 0.05) for x, y in band], _WHITE)
    pen.shape(band, _BLACK)
