"""Those on two legs: turkey, curassow, and a person who walks by."""

import numpy as np

from wildcam.demo.legs import Gait
from wildcam.demo.pen import Colour, Pen


# fmt: off
def draw_turkey(pen: Pen, gait: Gait) -> None:
    """A bronze oval with a fanned tail with eyes and a bare blue head."""
    bronze, dark, wing = (98, 76, 44), (56, 46, 36), (172, 150, 116)
    _bird_legs(pen, gait, 0.02, 0.5, (176, 84, 70))
    for i in range(11):
        angle = np.radians(112 + 9.5 * i)
        root, tip = (-0.34, 0.72), (-0.34 + 0.66 * np.cos(angle), 0.72 + 0.66 * np.sin(angle))
        pen.limb([root, tip], (0.08, 0.17), dark if i % 2 else bronze)
        pen.disc((tip[0] * 0.9 - 0.03, tip[1] * 0.9 + 0.07), (0.055, 0.055), (52, 120, 160))
        pen.disc((tip[0] + 0.02 * np.cos(angle), tip[1] + 0.02 * np.sin(angle)), (0.05, 0.05), (206, 150, 74))
    pen.shape([(-0.52, 0.66), (-0.4, 0.9), (0.0, 1.02), (0.32, 1.0), (0.5, 0.8), (0.42, 0.54), (0.1, 0.38),
               (-0.3, 0.44)], bronze)
    folded = [(-0.62, 0.54), (-0.2, 0.84), (0.2, 0.88), (0.32, 0.72), (0.1, 0.56), (-0.3, 0.5)]
    pen.shape(folded, dark)
    with pen.inside(folded):
        for i in range(8):
            pen.limb([(-0.6 + 0.1 * i, 0.44), (-0.42 + 0.1 * i, 0.74)], (0.03, 0.03), wing)
    with pen.turned(20 * gait.head - 4 if gait.head > -0.5 else -75, (0.4, 0.86)):
        pen.limb([(0.3, 0.84), (0.5, 1.06), (0.52, 1.3)], (0.34, 0.15, 0.1), bronze)
        pen.limb([(0.5, 1.14), (0.53, 1.36), (0.58, 1.44)], (0.1, 0.1, 0.13), (84, 132, 190))
        pen.disc((0.53, 1.22), (0.055, 0.07), (206, 52, 42))
        pen.patch([(0.62, 1.48), (0.76, 1.42), (0.62, 1.4)], (220, 190, 120))
        pen.limb([(0.62, 1.47), (0.7, 1.36)], (0.04, 0.03), (206, 52, 42))
        pen.eye(0.59, 1.46, 0.018)


def draw_curassow(pen: Pen, gait: Gait) -> None:
    """Black and upright, a curled crest, a yellow knob, a white vent, a long drooping tail."""
    black, sheen, white = (26, 25, 32), (46, 46, 60), (232, 230, 222)
    _bird_legs(pen, gait, 0.0, 0.52, (132, 120, 104))
    for i in range(4):
        pen.limb([(-0.3, 0.74), (-0.72, 0.56 - 0.06 * i), (-1.04, 0.38 - 0.07 * i)], (0.16, 0.13, 0.1),
                 sheen if i % 2 else black)
    pen.shape([(-0.44, 0.66), (-0.34, 0.86), (0.0, 1.0), (0.3, 1.04), (0.44, 0.84), (0.34, 0.56), (0.06, 0.4),
               (-0.26, 0.46)], black)
    pen.shape([(-0.4, 0.62), (-0.14, 0.6), (0.1, 0.42), (-0.1, 0.37), (-0.32, 0.44)], white)
    pen.shape([(-0.42, 0.62), (-0.1, 0.84), (0.2, 0.88), (0.24, 0.7), (0.0, 0.6)], sheen)
    with pen.turned(16 * gait.head - 4 if gait.head > -0.5 else -60, (0.3, 0.9)):
        pen.limb([(0.24, 0.86), (0.4, 1.14), (0.42, 1.4)], (0.4, 0.2, 0.13), black)
        pen.disc((0.45, 1.46), (0.12, 0.105), black)
        for i in range(6):
            pen.limb([(0.5 - 0.03 * i, 1.53), (0.46 - 0.035 * i, 1.64), (0.4 - 0.04 * i, 1.62 - 0.02 * i)],
                     (0.035, 0.04, 0.045), black)
        pen.patch([(0.54, 1.5), (0.72, 1.4), (0.54, 1.38)], (210, 190, 130))
        pen.disc((0.6, 1.52), (0.06, 0.065), (240, 206, 40))
        pen.eye(0.49, 1.48, 0.02)


def draw_human(pen: Pen, gait: Gait) -> None:
    """A walker in a jacket with a rucksack."""
    jacket, trousers, skin = (168, 62, 44), (58, 62, 84), (202, 156, 124)
    for offset, colour in ((0.5, (40, 43, 60)), (0.0, trousers)):
        forward, lift = gait.swing(offset)
        foot = (0.28 * forward, 0.05 + 0.1 * lift)
        pen.limb([(0.0, 0.95), (0.18 * forward + 0.04, 0.5), foot], (0.26, 0.19, 0.12), colour)
        pen.disc((foot[0] + 0.06, foot[1] - 0.01), (0.14, 0.055), (40, 34, 30))
    forward, _ = gait.swing(0.5)
    pen.limb([(0.02, 1.42), (0.2 * forward, 1.15), (0.3 * forward + 0.1, 0.95)], (0.15, 0.13, 0.08),
             (128, 46, 34))
    pen.shape([(-0.2, 1.5), (-0.36, 1.4), (-0.38, 1.06), (-0.18, 1.0)], (70, 84, 60))
    pen.shape([(-0.2, 1.46), (0.0, 1.54), (0.16, 1.46), (0.18, 1.2), (0.15, 0.9), (-0.18, 0.9), (-0.2, 1.2)],
              jacket)
    forward, _ = gait.swing(0.0)
    pen.limb([(-0.02, 1.42), (-0.05 + 0.2 * forward, 1.15), (0.06 + 0.3 * forward, 0.96)], (0.16, 0.14, 0.1),
             (188, 76, 54))
    pen.disc((0.07 + 0.3 * forward, 0.93), (0.05, 0.06), skin)
    pen.limb([(0.0, 1.5), (0.02, 1.62)], (0.13, 0.12), skin)
    pen.disc((0.04, 1.7), (0.125, 0.145), skin)
    pen.shape([(-0.1, 1.72), (-0.07, 1.84), (0.06, 1.88), (0.17, 1.8), (0.26, 1.76), (0.1, 1.75)],
              (62, 70, 52))


def _bird_legs(pen: Pen, gait: Gait, x: float, height: float, colour: Colour) -> None:
    dim: Colour = (colour[0] * 2 // 3, colour[1] * 2 // 3, colour[2] * 2 // 3)
    for offset, shift, tint in ((0.5, 0.08, dim), (0.0, 0.0, colour)):
        forward, lift = gait.swing(offset)
        foot = (x + shift + 0.18 * forward, 0.02 + 0.1 * lift)
        pen.limb([(x + shift, height), (x + shift - 0.05 + 0.08 * forward, height * 0.5 + 0.04), foot],
                 (0.13, 0.05, 0.045), tint)
        for toe in (-0.09, 0.1, 0.15):
            pen.limb([foot, (foot[0] + toe, foot[1] - 0.02)], (0.035, 0.02), tint)
