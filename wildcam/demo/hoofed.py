"""The grazers and browsers: impala, zebra, giraffe, elephant, peccary. Shoulder height is about one unit."""

from wildcam.demo.legs import Gait, Legs
from wildcam.demo.pen import Pen

_TAN, _WHITE, _BLACK = (176, 118, 66), (238, 230, 214), (34, 29, 27)


# fmt: off
def draw_impala(pen: Pen, gait: Gait) -> None:
    """Slender and tan with a white belly, lyre-shaped horns."""
    back = (150, 92, 48)
    torso = [(-0.6, 0.84), (-0.5, 1.0), (-0.2, 1.0), (0.15, 0.97), (0.4, 1.02), (0.52, 0.9), (0.46, 0.66),
             (0.2, 0.57), (-0.2, 0.61), (-0.46, 0.66)]
    legs = Legs(0.38, -0.46, 0.72, (0.2, 0.075, 0.045), _TAN, (118, 76, 42), _BLACK)
    legs.draw_far(pen, gait)
    pen.limb([(-0.58, 0.92), (-0.66, 0.78), (-0.65, 0.62)], (0.06, 0.07, 0.03), _WHITE)
    pen.shape(torso, _TAN)
    with pen.inside(torso):
        pen.shape([(-0.7, 0.9), (-0.3, 0.88), (0.2, 0.86), (0.6, 0.92), (0.6, 1.2), (-0.7, 1.2)], back)
        pen.shape([(-0.5, 0.66), (-0.1, 0.69), (0.4, 0.66), (0.5, 0.4), (-0.5, 0.4)], _WHITE)
    legs.draw_near(pen, gait)
    with pen.turned(30 * gait.head - 12 if gait.head > -0.4 else -95, (0.42, 0.9)):
        pen.shape([(0.28, 1.0), (0.46, 1.26), (0.55, 1.44), (0.7, 1.4), (0.63, 1.16), (0.52, 0.8)], _TAN)
        for shift, horn in ((0.05, (70, 58, 50)), (0.0, (38, 31, 28))):
            pen.limb([(0.58 + shift, 1.46), (0.48 + shift, 1.66), (0.56 + shift, 1.84), (0.5 + shift, 2.04)],
                     (0.055, 0.05, 0.035, 0.012), horn)
        pen.limb([(0.56, 1.44), (0.42, 1.52)], (0.07, 0.03), back)
        pen.shape([(0.5, 1.42), (0.6, 1.5), (0.72, 1.45), (0.92, 1.3), (0.91, 1.24), (0.8, 1.24), (0.6, 1.3)],
                  _TAN)
        pen.disc((0.9, 1.27), (0.035, 0.035), _BLACK)
        pen.eye(0.67, 1.41)


def draw_zebra(pen: Pen, gait: Gait) -> None:
    """A stout horse in black and white stripes with a standing mane."""
    white, far = (226, 220, 208), (150, 144, 136)
    torso = [(-0.72, 0.86), (-0.62, 1.08), (-0.3, 1.1), (0.1, 1.03), (0.42, 1.1), (0.58, 0.95), (0.5, 0.66),
             (0.2, 0.52), (-0.2, 0.5), (-0.55, 0.62)]
    neck = [(0.24, 1.08), (0.5, 1.34), (0.66, 1.5), (0.84, 1.42), (0.76, 1.14), (0.58, 0.78)]
    legs = Legs(0.42, -0.56, 0.72, (0.27, 0.11, 0.08), white, far, _BLACK)
    legs.draw_far(pen, gait)
    pen.limb([(-0.7, 0.98), (-0.8, 0.8), (-0.79, 0.5)], (0.07, 0.05, 0.09), _BLACK)
    legs.draw_near(pen, gait)
    pen.shape(torso, white)
    with pen.inside(torso):
        for i in range(11):
            x = -0.68 + 0.118 * i
            lean = 0.22 * (0.5 - i / 10)
            pen.limb([(x - lean, 1.2), (x, 0.86), (x + lean * 0.4, 0.5)], (0.062, 0.058, 0.02), _BLACK)
    for x in (0.42, -0.58):
        for y in (0.26, 0.38, 0.5):
            pen.limb([(x - 0.09, y), (x + 0.09, y + 0.02)], (0.04, 0.04), _BLACK)
    with pen.turned(22 * gait.head - 8 if gait.head > -0.4 else -80, (0.42, 0.92)):
        pen.limb([(0.22, 1.14), (0.42, 1.4), (0.6, 1.58)], (0.08, 0.13, 0.09), (52, 46, 44))
        pen.shape(neck, white)
        with pen.inside(neck):
            for i in range(6):
                pen.limb([(0.2 + 0.1 * i, 1.2 + 0.1 * i), (0.52 + 0.06 * i, 0.86 + 0.11 * i)], (0.06, 0.03),
                         _BLACK)
        pen.limb([(0.66, 1.5), (0.62, 1.66)], (0.08, 0.04), white)
        head = [(0.6, 1.46), (0.7, 1.58), (0.84, 1.5), (1.12, 1.2), (1.12, 1.1), (1.0, 1.08), (0.72, 1.3)]
        pen.shape(head, white)
        with pen.inside(head):
            for i in range(3):
                pen.limb([(0.72 + 0.09 * i, 1.6), (0.74 + 0.09 * i, 1.2)], (0.035, 0.03), _BLACK)
            pen.disc((1.1, 1.12), (0.1, 0.1), (48, 42, 40))
        pen.eye(0.8, 1.44, 0.028)


def draw_giraffe(pen: Pen, gait: Gait) -> None:
    """All neck and legs, a net of pale lines around brown patches."""
    cream, brown = (214, 182, 128), (128, 76, 36)
    torso = [(-0.5, 1.22), (-0.4, 1.42), (0.0, 1.5), (0.3, 1.68), (0.52, 1.52), (0.46, 1.18), (0.1, 1.02),
             (-0.3, 1.04)]
    legs = Legs(0.4, -0.36, 1.2, (0.24, 0.1, 0.075), cream, (150, 122, 80), (60, 46, 36), reach=0.18)
    legs.draw_far(pen, gait)
    pen.limb([(-0.48, 1.34), (-0.58, 1.1), (-0.57, 0.8)], (0.05, 0.03, 0.08), (50, 36, 28))
    pen.shape(torso, cream)
    with pen.inside(torso):
        for row in range(6):
            for column in range(9):
                x, y = -0.52 + 0.14 * column + 0.07 * (row % 2), 0.98 + 0.135 * row
                dx, dy = 0.055 + 0.008 * ((row * 5 + column * 3) % 3), 0.05
                pen.patch([(x - dx, y), (x - dx * 0.4, y + dy), (x + dx, y + dy * 0.7),
                           (x + dx * 0.8, y - dy), (x - dx * 0.6, y - dy)], brown)
    legs.draw_near(pen, gait)
    for x in (0.4, -0.34):
        for y in (0.72, 0.86, 1.0):
            pen.disc((x + 0.02 * (y > 0.8), y), (0.06, 0.048), brown)
    with pen.turned(14 * gait.head - 4, (0.36, 1.5)):
        pen.limb([(0.3, 1.42), (0.56, 2.0), (0.76, 2.62)], (0.46, 0.24, 0.17), cream)
        pen.limb([(0.2, 1.7), (0.46, 2.1), (0.66, 2.64)], (0.04, 0.05, 0.05), (120, 74, 40))
        for i in range(8):
            x, y = 0.38 + 0.054 * i, 1.58 + 0.142 * i
            width = 0.085 - 0.0055 * i
            pen.disc((x - width * 0.55, y + 0.05), (width * 0.75, 0.05), brown)
            pen.disc((x + width * 0.9, y - 0.02), (width * 0.75, 0.05), brown)
        for x in (0.8, 0.86):
            pen.limb([(x, 2.72), (x - 0.03, 2.86)], (0.035, 0.05), (52, 38, 30))
        pen.limb([(0.76, 2.68), (0.62, 2.72)], (0.08, 0.03), cream)
        pen.shape([(0.7, 2.64), (0.8, 2.77), (0.94, 2.72), (1.2, 2.48), (1.19, 2.4), (1.05, 2.4),
                   (0.82, 2.5)], cream)
        pen.disc((0.92, 2.6), (0.1, 0.05), brown)
        pen.eye(0.92, 2.65, 0.03)


def draw_elephant(pen: Pen, gait: Gait) -> None:
    """Grey pillars, a great ear, a trunk and tusks."""
    grey, dark, light = (122, 116, 110), (84, 80, 77), (142, 135, 128)
    torso = [(-0.8, 0.82), (-0.72, 1.08), (-0.4, 1.2), (0.0, 1.14), (0.35, 1.2), (0.58, 1.05), (0.55, 0.6),
             (0.3, 0.44), (-0.2, 0.4), (-0.6, 0.44), (-0.78, 0.6)]
    legs = Legs(0.38, -0.58, 0.66, (0.34, 0.23, 0.2), grey, dark, (108, 102, 96), paw=0.0, reach=0.14)
    legs.draw_far(pen, gait)
    pen.limb([(-0.78, 0.96), (-0.88, 0.7), (-0.86, 0.42)], (0.07, 0.03, 0.06), dark)
    pen.shape(torso, grey)
    legs.draw_near(pen, gait)
    with pen.turned(9 * gait.head, (0.5, 1.0)):
        pen.limb([(0.84, 0.74), (1.0, 0.6), (1.16, 0.62)], (0.06, 0.055, 0.015), (200, 194, 176))
        sway = 0.12 * gait.head + 0.05
        pen.limb([(0.86, 0.98), (1.0, 0.72), (1.03, 0.4), (1.0 + sway, 0.16), (1.1 + 2 * sway, 0.1)],
                 (0.32, 0.22, 0.16, 0.12, 0.07), grey)
        pen.shape([(0.4, 1.16), (0.58, 1.32), (0.78, 1.3), (0.94, 1.1), (0.97, 0.88), (0.84, 0.72),
                   (0.55, 0.7)], grey)
        pen.limb([(0.82, 0.76), (0.98, 0.58), (1.16, 0.58)], (0.075, 0.065, 0.015), (240, 234, 216))
        pen.shape([(0.38, 1.2), (0.56, 1.22), (0.72, 1.1), (0.7, 0.86), (0.56, 0.6), (0.42, 0.52),
                   (0.3, 0.74), (0.28, 1.02)], dark)
        pen.shape([(0.4, 1.17), (0.55, 1.18), (0.68, 1.08), (0.66, 0.88), (0.54, 0.66), (0.43, 0.6),
                   (0.34, 0.76), (0.32, 1.0)], light)
        pen.eye(0.85, 1.06, 0.025)


def draw_peccary(pen: Pen, gait: Gait) -> None:
    """A dark bristly barrel on thin legs with a white jaw."""
    coat, bristle = (62, 54, 50), (36, 31, 30)
    torso = [(-0.66, 0.6), (-0.56, 0.84), (-0.2, 0.95), (0.2, 0.98), (0.55, 0.92), (0.68, 0.66), (0.5, 0.4),
             (0.0, 0.32), (-0.45, 0.38)]
    legs = Legs(0.42, -0.46, 0.48, (0.22, 0.09, 0.06), coat, bristle, (20, 18, 18))
    legs.draw_far(pen, gait)
    for i in range(22):
        x = -0.56 + 0.055 * i
        pen.limb([(x, 0.84), (x - 0.06, 1.02 - 0.12 * (x - 0.25) ** 2)], (0.05, 0.012), bristle)
    pen.shape(torso, coat)
    with pen.inside(torso):
        pen.shape([(-0.8, 0.74), (0.0, 0.84), (0.7, 0.8), (0.7, 1.2), (-0.8, 1.2)], bristle)
        for i in range(60):
            x, y = -0.62 + (i * 0.377) % 1.24, 0.36 + (i * 0.211) % 0.5
            pen.limb([(x, y), (x - 0.05, y - 0.05)], (0.014, 0.008), (98, 88, 80))
    legs.draw_near(pen, gait)
    with pen.turned(10 * gait.head - 6 if gait.head > -0.4 else -24, (0.5, 0.7)):
        pen.shape([(0.4, 0.92), (0.68, 0.96), (0.9, 0.78), (1.12, 0.58), (1.12, 0.46), (0.95, 0.4),
                   (0.6, 0.38), (0.42, 0.56)], coat)
        pen.shape([(0.62, 0.52), (0.85, 0.58), (1.02, 0.52), (1.02, 0.43), (0.8, 0.38), (0.6, 0.4)],
                  (226, 220, 208))
        pen.disc((1.12, 0.53), (0.035, 0.065), (88, 68, 64))
        pen.limb([(0.66, 0.92), (0.62, 1.04)], (0.1, 0.05), bristle)
        pen.eye(0.86, 0.72)
