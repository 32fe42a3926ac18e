# The limits of the house do not hold for compiled kernels; numba reads no annotations.
# mypy: ignore-errors
# ruff: noqa: C901, E741, N803, PLR0911, PLR0912, PLR0913, PLR0915, PLR0917
"""The fast search, compiled: ruin and recreate with annealing, on tables of integers.

It means the same as `board.py` and `plain_search.py`, which are the clear reference; tests compare the two to the last
unit. Tables are built in `tables.py`. This file imports nothing of ours, because a copy of it is what gets compiled.

J jobs, O options (a job at a start), E who is able for an option, W workers, N their workers alone, C a cell: a worker's day (a header,
then its turns), V the version of each cell, R rules and weights, SC/SI crews of series, JS the plan (option and crew by job),
P paid minutes, T totals, K the clock of versions.

What a turn would cost within a day is kept in D with the version of the cell it was worked out for, and worked out anew
only when that day has changed since. A step that is not accepted puts the days back with their old versions.
"""

import math

import numpy as np
from numba import njit

compiled = njit(cache=True, error_model="numpy", _nrt=False)
within = njit(cache=True, error_model="numpy", _nrt=False, forceinline=True)
"""Without counting references at each call, which took half the time; so all room for work is handed in."""

# J
J_MINUTES, J_TEAM, J_SERIES, J_FROM, J_TO, J_LOCKED, J_X, J_Y, J_EASE, J_SIZE = range(10)
# O
O_JOB, O_START, O_DAY, O_FROM, O_TO, O_COST, O_MOVED = range(7)
# E
E_WORKER, E_FLAGS, E_COST, E_OPTION, E_CELL = range(5)
# D: what an entry costs and pays within its day, and the version of the cell that this was worked out for
D_STAMP, D_COST, D_PAID = range(3)
QUALIFIED, CHANGED = 1, 2  # flags
# W
W_X, W_Y, W_SPEED, W_CONTRACT, W_WANTED, W_LIKES_LATE, W_PREVIOUS_END, W_RISKY = range(8)
# C: header, then per turn eight figures
C_COUNT, C_WORK, C_PAID, C_COST, C_BLOCKED, C_LAST, C_TRAVEL, C_HOME = range(8)
T_JOB, T_START, T_END, T_X, T_Y, T_TRAVEL, T_IDLE, T_RUN = range(8)
HEAD = 8
WIDE = 8
# mix: shares of 100
M_CHAIN, M_LINK, M_ABSENT, M_WISHED, M_SERIES, M_FORCED = range(6)
# R
(
    R_SETUP,
    R_MAX_DAY,
    R_BREAK_AFTER,
    R_BREAK,
    R_DAILY_REST,
    R_WEEKLY_REST,
    R_SHORT,
    R_SPLIT,
    R_TRAVEL_IS_WORK,
    R_K_TRAVEL,
    R_K_SERIES,
    R_K_HOURS,
    R_K_LATE,
    R_K_SHORT,
    R_K_SPLIT,
    R_P_UNSERVED,
    R_P_CHANGE,
    R_DAYS,
    R_ROOM,
    R_WEEK_FROM,
    R_WEEK_TO,
    R_LATE,  # then one figure for each day
) = range(22)
# T
T_UNSERVED, T_CHANGES, T_SOFT = range(3)

REFUSED = np.int64(1) << np.int64(60)
SLACK = (
    20.0  # what soft cost may make good of a lost job, in heats; a step that lost more is given up at once
)
NEVER = 1 << 30  # in a column of 32 bits


@within
def _below(random, n):
    """A whole number from 0 up to n."""
    x = random[0]
    x ^= x >> np.uint64(12)
    x ^= x << np.uint64(25)
    x ^= x >> np.uint64(27)
    random[0] = x
    return np.int64((x * np.uint64(2685821657736338717)) >> np.uint64(33)) % n


@within
def _share(random):
    return (_below(random, 1 << 30) + 1) / (1 << 30)


@within
def _way(speed, ax, ay, bx, by):
    return (abs(ax - bx) + abs(ay - by) + speed - 1) // speed


@within
def _hours(paid, wanted):
    steps = abs(paid - wanted) // 30
    return steps * steps


@within
def refresh(w, d, C, W, R):
    """Walk the day again after a change of its turns."""
    row = C[w * R[R_DAYS] + d]
    n = row[C_COUNT]
    row[C_BLOCKED] = 0
    if n == 0:
        row[C_WORK] = row[C_PAID] = row[C_COST] = row[C_TRAVEL] = row[C_HOME] = row[C_LAST] = 0
        return
    speed, tw = W[w, W_SPEED], R[R_TRAVEL_IS_WORK]
    x, y, end = W[w, W_X], W[w, W_Y], 0
    run = work = travel = between = splits = last = 0
    for i in range(n):
        a = HEAD + i * WIDE
        minutes = row[a + T_END] - row[a + T_START]
        way = _way(speed, x, y, row[a + T_X], row[a + T_Y])
        idle = 0
        if i > 0:
            setup = 0 if x == row[a + T_X] and y == row[a + T_Y] else R[R_SETUP]
            idle = row[a + T_START] - end - way - setup
            if idle < 0:
                row[C_BLOCKED] = 1
            if idle > R[R_SPLIT]:
                splits += 1
            if idle >= R[R_BREAK]:
                run = 0
            between += way
            run += minutes + (way if tw else 0)
        else:
            run = minutes
        if run > R[R_BREAK_AFTER]:
            row[C_BLOCKED] = 1
        row[a + T_TRAVEL], row[a + T_IDLE], row[a + T_RUN] = way, idle, run
        x, y, end = row[a + T_X], row[a + T_Y], row[a + T_END]
        last = max(last, end)
        work += minutes
        travel += way
    row[C_HOME] = _way(speed, x, y, W[w, W_X], W[w, W_Y])
    travel += row[C_HOME]
    row[C_WORK], row[C_TRAVEL], row[C_LAST] = work, travel, last
    row[C_PAID] = work + (between if tw else 0)
    if row[C_PAID] > R[R_MAX_DAY]:
        row[C_BLOCKED] = 1
    late = last > R[R_LATE + d] and W[w, W_LIKES_LATE] == 0
    cost = R[R_K_TRAVEL] * travel + R[R_K_SPLIT] * splits
    row[C_COST] = cost + (R[R_K_LATE] if late else 0) + (R[R_K_SHORT] if work < R[R_SHORT] else 0)


@within
def _rested(w, d, first, last, C, W, R):
    """Whether a day from first to last leaves the daily rest before and after, and a long rest in the week."""
    days = R[R_DAYS]
    before = W[w, W_PREVIOUS_END]
    e = d - 1
    while e >= 0:
        if C[w * days + e, C_COUNT] > 0:
            before = C[w * days + e, C_LAST]
            break
        e -= 1
    if first - before < R[R_DAILY_REST]:
        return False
    e = d + 1
    while e < days:
        if C[w * days + e, C_COUNT] > 0:
            if C[w * days + e, HEAD + T_START] - last < R[R_DAILY_REST]:
                return False
            break
        e += 1
    if W[w, W_RISKY] == 0:
        return True
    free = R[R_WEEK_FROM]
    for e in range(days):
        if e == d:
            if first - free >= R[R_WEEKLY_REST]:
                return True
            free = last
        elif C[w * days + e, C_COUNT] > 0:
            if C[w * days + e, HEAD + T_START] - free >= R[R_WEEKLY_REST]:
                return True
            free = C[w * days + e, C_LAST]
    return R[R_WEEK_TO] - free >= R[R_WEEKLY_REST]


@within
def _day_cost(w, d, jx, jy, start, end, C, W, R):
    """What the worker's day costs more with one more turn, and what it pays more; NEVER when the day refuses it."""
    minutes = end - start
    c = w * R[R_DAYS] + d
    n = C[c, C_COUNT]
    if C[c, C_BLOCKED] != 0 or n >= R[R_ROOM]:
        return NEVER, 0
    paid = minutes + C[c, C_PAID]
    if paid > R[R_MAX_DAY]:
        return NEVER, 0
    speed, tw = W[w, W_SPEED], R[R_TRAVEL_IS_WORK]
    last = end
    cost = 0
    if n == 0:
        if minutes > R[R_BREAK_AFTER]:
            return NEVER, 0
        cost = 2 * R[R_K_TRAVEL] * _way(speed, W[w, W_X], W[w, W_Y], jx, jy)
        if minutes < R[R_SHORT]:
            cost += R[R_K_SHORT]
    else:
        p = 0
        while p < n and C[c, HEAD + p * WIDE + T_START] < start:
            p += 1
        travel = 0
        run = 0
        if p > 0:
            b = HEAD + (p - 1) * WIDE
            gap = start - C[c, b + T_END]
            if gap < 0:
                return NEVER, 0
            if p < n and C[c, HEAD + p * WIDE + T_START] < end:
                return NEVER, 0
            bx, by = C[c, b + T_X], C[c, b + T_Y]
            way = _way(speed, bx, by, jx, jy)
            idle = gap - way - (0 if bx == jx and by == jy else R[R_SETUP])
            if idle < 0:
                return NEVER, 0
            run = minutes + (way if tw else 0) + (0 if idle >= R[R_BREAK] else C[c, b + T_RUN])
            travel += way
            if tw:
                paid += way
            if idle > R[R_SPLIT]:
                cost += R[R_K_SPLIT]
        else:
            if C[c, HEAD + T_START] < end:
                return NEVER, 0
            run = minutes
            travel += _way(speed, W[w, W_X], W[w, W_Y], jx, jy)
        if run > R[R_BREAK_AFTER]:
            return NEVER, 0
        if p < n:
            a = HEAD + p * WIDE
            gap = C[c, a + T_START] - end
            ax, ay = C[c, a + T_X], C[c, a + T_Y]
            way = _way(speed, jx, jy, ax, ay)
            idle = gap - way - (0 if ax == jx and ay == jy else R[R_SETUP])
            if idle < 0:
                return NEVER, 0
            run = (
                C[c, a + T_END] - C[c, a + T_START] + (way if tw else 0) + (0 if idle >= R[R_BREAK] else run)
            )
            if run > R[R_BREAK_AFTER]:
                return NEVER, 0
            for i in range(p + 1, n):
                q = HEAD + i * WIDE
                if C[c, q + T_IDLE] >= R[R_BREAK]:
                    break
                run += C[c, q + T_END] - C[c, q + T_START] + (C[c, q + T_TRAVEL] if tw else 0)
                if run > R[R_BREAK_AFTER]:
                    return NEVER, 0
            travel += way - C[c, a + T_TRAVEL]
            if tw:
                paid += way - (C[c, a + T_TRAVEL] if p > 0 else 0)
            if idle > R[R_SPLIT]:
                cost += R[R_K_SPLIT]
            if p > 0 and C[c, a + T_IDLE] > R[R_SPLIT]:
                cost -= R[R_K_SPLIT]
            last = C[c, C_LAST]
        else:
            travel += _way(speed, jx, jy, W[w, W_X], W[w, W_Y]) - C[c, C_HOME]
        if paid > R[R_MAX_DAY]:
            return NEVER, 0
        cost += R[R_K_TRAVEL] * travel
        work = C[c, C_WORK]
        if work < R[R_SHORT] and work + minutes >= R[R_SHORT]:
            cost -= R[R_K_SHORT]
        if last == end and C[c, C_LAST] > R[R_LATE + d] and W[w, W_LIKES_LATE] == 0:
            cost -= R[R_K_LATE]
    if last == end and end > R[R_LATE + d] and W[w, W_LIKES_LATE] == 0:
        cost += R[R_K_LATE]
    return cost, paid - C[c, C_PAID]


@within
def _rests(w, d, start, end, C, W, R):
    """Whether the rests stay long enough with one more turn on the day."""
    c = w * R[R_DAYS] + d
    if C[c, C_COUNT] > 0:
        if start >= C[c, HEAD + T_START] and end <= C[c, C_LAST]:
            return True
        return _rested(w, d, min(start, C[c, HEAD + T_START]), max(end, C[c, C_LAST]), C, W, R)
    return _rested(w, d, start, end, C, W, R)


@compiled
def turn_cost(w, d, jx, jy, start, end, C, W, P, R):
    """What the worker's week costs more with one more turn, or REFUSED."""
    cost, paid = _day_cost(w, d, jx, jy, start, end, C, W, R)
    if cost == NEVER:
        return REFUSED
    total = P[w] + paid
    if total > W[w, W_CONTRACT] or not _rests(w, d, start, end, C, W, R):
        return REFUSED
    return cost + R[R_K_HOURS] * (_hours(total, W[w, W_WANTED]) - _hours(P[w], W[w, W_WANTED]))


@within
def _add_turn(w, d, j, start, J, C, W, P, R):
    c = w * R[R_DAYS] + d
    n = C[c, C_COUNT]
    p = n
    while p > 0 and C[c, HEAD + (p - 1) * WIDE + T_START] > start:
        for k in range(WIDE):
            C[c, HEAD + p * WIDE + k] = C[c, HEAD + (p - 1) * WIDE + k]
        p -= 1
    a = HEAD + p * WIDE
    C[c, a + T_JOB] = j
    C[c, a + T_START] = start
    C[c, a + T_END] = start + J[j, J_MINUTES]
    C[c, a + T_X], C[c, a + T_Y] = J[j, J_X], J[j, J_Y]
    C[c, C_COUNT] = n + 1
    P[w] -= C[c, C_PAID]
    refresh(w, d, C, W, R)
    P[w] += C[c, C_PAID]


@within
def _drop_turn(w, d, j, C, W, P, R):
    c = w * R[R_DAYS] + d
    n = C[c, C_COUNT]
    p = 0
    while C[c, HEAD + p * WIDE + T_JOB] != j:
        p += 1
    for i in range(p, n - 1):
        for k in range(WIDE):
            C[c, HEAD + i * WIDE + k] = C[c, HEAD + (i + 1) * WIDE + k]
    C[c, C_COUNT] = n - 1
    P[w] -= C[c, C_PAID]
    refresh(w, d, C, W, R)
    P[w] += C[c, C_PAID]


@within
def _able(o, w, E, O):
    """The row of E that names the worker for the option (rows are in order of worker), or one near it."""
    low, high = O[o, O_FROM], O[o, O_TO] - 1
    while low < high:
        middle = (low + high) >> 1
        if E[middle, E_WORKER] < w:
            low = middle + 1
        else:
            high = middle
    return low


@within
def _in_series(s, w, sign, R, SC, SI, T):
    """Count a worker in or out of the crew of a series."""
    over = max(0, SI[s, 1] - SI[s, 0])
    SC[s, w] += sign
    if sign > 0 and SC[s, w] == 1:
        SI[s, 1] += 1
    elif sign < 0 and SC[s, w] == 0:
        SI[s, 1] -= 1
    T[T_SOFT] += R[R_K_SERIES] * (max(0, SI[s, 1] - SI[s, 0]) - over)


@within
def _member(o, w, sign, J, O, E, C, V, K, W, R, SC, SI, P, T):
    """Add (sign 1) or take away (sign -1) one worker of a visit, and keep the totals."""
    j, d = O[o, O_JOB], O[o, O_DAY]
    c = w * R[R_DAYS] + d
    T[T_SOFT] -= C[c, C_COST] + R[R_K_HOURS] * _hours(P[w], W[w, W_WANTED])
    if sign > 0:
        _add_turn(w, d, j, O[o, O_START], J, C, W, P, R)
    else:
        _drop_turn(w, d, j, C, W, P, R)
    K[0] += 1
    V[c] = K[0]
    T[T_SOFT] += C[c, C_COST] + R[R_K_HOURS] * _hours(P[w], W[w, W_WANTED])
    e = _able(o, w, E, O)
    T[T_SOFT] += sign * E[e, E_COST]
    T[T_CHANGES] += sign * (E[e, E_FLAGS] >> 1)
    if J[j, J_SERIES] >= 0:
        _in_series(J[j, J_SERIES], w, sign, R, SC, SI, T)


@compiled
def place(o, crew, J, O, E, C, V, K, W, R, SC, SI, JS, P, T):
    """Serve the job of the option with the crew."""
    j = O[o, O_JOB]
    JS[j, 0] = o
    for k in range(J[j, J_SIZE]):
        JS[j, 1 + k] = crew[k]
        _member(o, crew[k], 1, J, O, E, C, V, K, W, R, SC, SI, P, T)
    T[T_UNSERVED] -= J[j, J_TEAM] * J[j, J_MINUTES]
    T[T_CHANGES] += O[o, O_MOVED]
    T[T_SOFT] += O[o, O_COST]


@compiled
def lift(j, J, O, E, C, V, K, W, R, SC, SI, JS, P, T):
    """Leave the job unserved."""
    o = JS[j, 0]
    for k in range(J[j, J_SIZE]):
        _member(o, JS[j, 1 + k], -1, J, O, E, C, V, K, W, R, SC, SI, P, T)
    JS[j, 0] = -1
    T[T_UNSERVED] += J[j, J_TEAM] * J[j, J_MINUTES]
    T[T_CHANGES] -= O[o, O_MOVED]
    T[T_SOFT] -= O[o, O_COST]


@within
def _renew(e, w, jx, jy, start, end, d, D, C, V, W, R):
    """Work out anew what the entry costs and pays within the day."""
    D[e, D_STAMP] = V[w * R[R_DAYS] + d]
    D[e, D_COST], D[e, D_PAID] = _day_cost(w, d, jx, jy, start, end, C, W, R)


@within
def best_option(
    j, crew, only, blink, share, mark, it, random, J, O, E, N, D, C, V, W, R, SC, SI, P, offers, taken
):
    """Find the cheapest visit of the job; its crew is left in `crew`. Return (option or -1, cost).

    Looked at are the workers of this round (mark[w] == it) and `share` of 256 of the others; with `only`, nobody else,
    but for a job of more than one it is enough when one of the crew could be of this round. About one offer in `blink`
    is overlooked, for variety.
    """
    team, s = J[j, J_TEAM], J[j, J_SERIES]
    jx, jy, minutes = J[j, J_X], J[j, J_Y], J[j, J_MINUTES]
    days, k_hours, k_series, p_change = R[R_DAYS], R[R_K_HOURS], R[R_K_SERIES], R[R_P_CHANGE]
    full = s >= 0 and SI[s, 1] >= SI[s, 0]
    best, best_cost = -1, REFUSED
    wait = 1 + _below(random, 2 * blink) if blink > 0 else 1 << 60
    for o in range(J[j, J_FROM], J[j, J_TO]):
        start, d = O[o, O_START], O[o, O_DAY]
        end = start + minutes
        fixed = O[o, O_COST] + p_change * O[o, O_MOVED]
        n = 0
        low, high = O[o, O_FROM], O[o, O_TO]
        size = high - low
        window = size
        if share < 256 and team == 1:
            window = 0 if only else (size * share + _below(random, 256)) >> 8
        first = low
        if window > 0 and window < size:
            first = low + _below(random, size)
        until, again = first + window, first + window - size
        marked = not only
        for e in range(low, high):
            w = N[e]
            if mark[w] == it:
                marked = True
            elif (e < first or e >= until) and e >= again:
                continue
            if D[e, D_STAMP] != V[w * days + d]:
                _renew(e, w, jx, jy, start, end, d, D, C, V, W, R)
            cost = np.int64(D[e, D_COST])
            if cost == NEVER:
                continue
            total = P[w] + D[e, D_PAID]
            if total > W[w, W_CONTRACT]:
                continue
            wait -= 1
            if wait == 0:
                wait = 1 + _below(random, 2 * blink)
                continue
            wanted = W[w, W_WANTED]
            cost += E[e, E_COST] + p_change * (E[e, E_FLAGS] >> 1)
            cost += k_hours * (_hours(total, wanted) - _hours(P[w], wanted))
            if team == 1:
                cost += fixed
                if full and SC[s, w] == 0:
                    cost += k_series
                if cost < best_cost and _rests(w, d, start, end, C, W, R):
                    best, best_cost = o, cost
                    crew[0] = w
                continue
            if _rests(w, d, start, end, C, W, R):
                offers[n, 0] = w
                offers[n, 1] = cost
                offers[n, 2] = (2 if s >= 0 and SC[s, w] == 0 else 0) + (E[e, E_FLAGS] & QUALIFIED)
                n += 1
        if team == 1 or n < team or not marked:
            continue
        room = SI[s, 0] - SI[s, 1] if s >= 0 else team
        total, mentors, news = fixed, 0, 0
        for k in range(team):
            only = k == team - 1 and mentors == 0
            price = k_series if news >= room else 0
            found, least = -1, REFUSED
            for i in range(n):
                if offers[i, 1] >= REFUSED or (only and offers[i, 2] & 1 == 0):
                    continue
                cost = offers[i, 1] + (price if offers[i, 2] & 2 else 0)
                if cost < least:
                    found, least = i, cost
            if found < 0:
                total = REFUSED
                break
            total += least
            mentors += offers[found, 2] & 1
            news += offers[found, 2] >> 1
            taken[k] = offers[found, 0]
            offers[found, 1] = REFUSED
        if total < best_cost:
            best, best_cost = o, total
            for k in range(team):
                crew[k] = taken[k]
    return best, best_cost


@within
def _price(T, R):
    return R[R_P_UNSERVED] * T[T_UNSERVED] + R[R_P_CHANGE] * T[T_CHANGES] + T[T_SOFT]


@within
def _better(T, B, R):
    """Whether the totals T are better: what is unserved and what is broken at their prices, then the soft cost."""
    now = R[R_P_UNSERVED] * T[T_UNSERVED] + R[R_P_CHANGE] * T[T_CHANGES]
    then = R[R_P_UNSERVED] * B[T_UNSERVED] + R[R_P_CHANGE] * B[T_CHANGES]
    return now < then or (now == then and T[T_SOFT] < B[T_SOFT])


@compiled
def fill(order, random, J, O, E, C, V, K, W, R, SC, SI, JS, P, T, N, D, offers, mark, crews):
    """Serve the jobs in this order, each as cheaply as it can be."""
    crew, taken = crews[0], crews[1]
    for j in order:
        if JS[j, 0] < 0:
            o, _ = best_option(
                j, crew, False, 0, 256, mark, -1, random, J, O, E, N, D, C, V, W, R, SC, SI, P, offers, taken
            )
            if o >= 0:
                place(o, crew, J, O, E, C, V, K, W, R, SC, SI, JS, P, T)


@within
def _clear(e, n, most, it, mark, random, chosen, J, O, E, C, W, P, R):
    """Choose the turns that keep the worker of an entry from it, and now and then another one of that worker."""
    w, o = E[e, E_WORKER], E[e, E_OPTION]
    mark[w] = it
    j, c = O[o, O_JOB], E[e, E_CELL]
    start = O[o, O_START]
    end = start + J[j, J_MINUTES]
    paid = P[w] + J[j, J_MINUTES]
    day = C[c, C_PAID] + J[j, J_MINUTES]
    for i in range(C[c, C_COUNT]):
        a = HEAD + i * WIDE
        way = _way(W[w, W_SPEED], J[j, J_X], J[j, J_Y], C[c, a + T_X], C[c, a + T_Y]) + R[R_SETUP]
        if C[c, a + T_START] < end + way and C[c, a + T_END] > start - way and n < most:
            chosen[n] = C[c, a + T_JOB]
            paid -= C[c, a + T_END] - C[c, a + T_START]
            day -= C[c, a + T_END] - C[c, a + T_START]
            n += 1
    if (day > R[R_MAX_DAY] or _below(random, 8) == 0) and C[c, C_COUNT] > 0 and n < most:
        chosen[n] = C[c, HEAD + _below(random, C[c, C_COUNT]) * WIDE + T_JOB]
        n += 1
    if paid > W[w, W_CONTRACT] or _below(random, 16) == 0:
        first = _below(random, R[R_DAYS])
        for k in range(R[R_DAYS]):
            c = w * R[R_DAYS] + (first + k) % R[R_DAYS]
            if C[c, C_COUNT] > 0 and n < most:
                chosen[n] = C[c, HEAD + _below(random, C[c, C_COUNT]) * WIDE + T_JOB]
                n += 1
                break
    return n


@within
def _entry(j, random, J, O, JS):
    """Any worker at any start of the job, rather often at the present start; -1 when there is none."""
    if J[j, J_TO] == J[j, J_FROM]:
        return -1
    o = J[j, J_FROM] + _below(random, J[j, J_TO] - J[j, J_FROM])
    if JS[j, 0] >= 0 and _below(random, 2) == 0:
        o = JS[j, 0]
    if O[o, O_TO] == O[o, O_FROM]:
        return -1
    return O[o, O_FROM] + _below(random, O[o, O_TO] - O[o, O_FROM])


@within
def _first_entry(mix, random, absent, absent_n, J, O, E, JS, SJ, SF, BE):
    """Where a chain begins: a worker for a job, to be made possible."""
    kind = _below(random, 100)
    if absent_n > 0 and kind < mix[M_ABSENT]:
        return _entry(absent[_below(random, absent_n)], random, J, O, JS)
    if BE.shape[0] > 0 and kind < mix[M_WISHED]:
        return BE[_below(random, BE.shape[0])]
    if SF.shape[0] > 1 and kind < mix[M_SERIES]:
        s = _below(random, SF.shape[0] - 1)
        size = SF[s + 1] - SF[s]
        if size > 1:
            a, b = SJ[SF[s] + _below(random, size)], SJ[SF[s] + _below(random, size)]
            if JS[b, 0] >= 0 and J[b, J_SIZE] > 0 and J[a, J_TO] > J[a, J_FROM]:
                w = JS[b, 1 + _below(random, J[b, J_SIZE])]
                o = J[a, J_FROM] + _below(random, J[a, J_TO] - J[a, J_FROM])
                if O[o, O_TO] > O[o, O_FROM]:
                    e = _able(o, w, E, O)
                    if E[e, E_WORKER] == w:
                        return e
    return _entry(_below(random, J.shape[0]), random, J, O, JS)


@within
def _chain(
    mix, links, most, it, mark, random, chosen, begun, absent, absent_n, J, O, E, C, W, P, R, JS, SJ, SF, BE
):
    """Choose a job, what keeps some worker from it, and so on from one of those."""
    n = 0
    e = _first_entry(mix, random, absent, absent_n, J, O, E, JS, SJ, SF, BE)
    begun[0] = e
    for _ in range(links):
        if e < 0 or n >= most:
            break
        j = O[E[e, E_OPTION], O_JOB]
        if JS[j, 0] >= 0:
            chosen[n] = j
            n += 1
            n = _clear(e, n, most, it, mark, random, chosen, J, O, E, C, W, P, R)
        else:
            o = E[e, E_OPTION]
            for _k in range(J[j, J_TEAM]):
                n = _clear(e, n, most, it, mark, random, chosen, J, O, E, C, W, P, R)
                e = O[o, O_FROM] + _below(random, O[o, O_TO] - O[o, O_FROM])
        if n == 0:
            break
        e = _entry(chosen[_below(random, n)], random, J, O, JS)
    return n


@within
def _team_to_serve(e, J, O, E, JS):
    """The job of a chain that begins with an unserved team; -1 when it begins otherwise."""
    if e < 0:
        return -1
    j = O[E[e, E_OPTION], O_JOB]
    return j if J[j, J_TEAM] > 1 and JS[j, 0] < 0 and J[j, J_LOCKED] == 0 else -1


@within
def _ruin(mix, most, it, mark, random, chosen, begun, absent, absent_n, J, O, E, C, W, P, R, JS, SJ, SF, BE):
    """Choose served jobs to take off together; return how many."""
    nj, days, nw = J.shape[0], R[R_DAYS], W.shape[0]
    kind = _below(random, 100)
    if kind < mix[M_CHAIN]:
        links = 1
        while links < 4 and _below(random, 100) < mix[M_LINK]:
            links += 1
        return _chain(
            mix, links, most, it, mark, random, chosen, begun, absent, absent_n, J, O, E, C, W, P, R, JS, SJ, SF, BE,
        )  # fmt: skip
    kind = _below(random, 40)
    centre = -1
    for _ in range(20):
        j = _below(random, nj)
        if JS[j, 0] >= 0:
            centre = j
            break
    if centre < 0:
        return 0
    chosen[0] = centre
    n = 1
    o = JS[centre, 0]
    d = O[o, O_DAY]
    able = O[o, O_TO] - O[o, O_FROM]
    if able == 0:
        return n
    count = 1 + _below(random, most)
    if kind < 20:
        # people who could do the same job, on the same day
        for _ in range(3 * count):
            if n >= count:
                break
            w = E[O[o, O_FROM] + _below(random, able), E_WORKER]
            c = w * days + d
            if C[c, C_COUNT] > 0:
                chosen[n] = C[c, HEAD + _below(random, C[c, C_COUNT]) * WIDE + T_JOB]
                n += 1
    elif kind < 30:
        # the weeks of two people
        w = JS[centre, 1 + _below(random, J[centre, J_SIZE])] if J[centre, J_SIZE] > 0 else 0
        v = E[O[o, O_FROM] + _below(random, able), E_WORKER]
        for _ in range(3 * count):
            if n >= count:
                break
            c = (w if _below(random, 2) == 0 else v) * days + _below(random, days)
            if C[c, C_COUNT] > 0:
                chosen[n] = C[c, HEAD + _below(random, C[c, C_COUNT]) * WIDE + T_JOB]
                n += 1
    elif kind < 36 and J[centre, J_SERIES] >= 0:
        s = J[centre, J_SERIES]
        for q in range(SF[s], SF[s + 1]):
            if n < most and JS[SJ[q], 0] >= 0 and _below(random, 4) > 0:
                chosen[n] = SJ[q]
                n += 1
    else:
        # any visits of that day
        for _ in range(4 * count):
            if n >= count:
                break
            c = _below(random, nw) * days + d
            if C[c, C_COUNT] > 0:
                chosen[n] = C[c, HEAD + _below(random, C[c, C_COUNT]) * WIDE + T_JOB]
                n += 1
    return n


@within
def _save(o, crew, size, step, saved, saved_n, saved_cell, saved_version, rows, O, C, V, R):
    """Keep the days of a crew as they are before the step touches them."""
    for k in range(size):
        c = crew[k] * R[R_DAYS] + O[o, O_DAY]
        if saved[c] != step:
            saved[c] = step
            saved_cell[saved_n] = c
            saved_version[saved_n] = V[c]
            width = HEAD + C[c, C_COUNT] * WIDE
            for i in range(width):
                rows[saved_n, i] = C[c, i]
            saved_n += 1
    return saved_n


@compiled
def search(
    steps, heat, most, blink, look, share, mix, random, J, O, E, C, V, K, W, R, SC, SI, JS, P, T, SJ, SF, BE, N, D, best, B,
    offers, mark, crews, by_job, by_cell, rows, picks, lifted,
):  # fmt: skip
    """Take `steps` steps at this temperature; keep the best plan in `best`, its totals in B.

    The last two lines of arguments are room for work, of which nothing is read.
    """
    nj, wide = J.shape[0], JS.shape[1]
    crew, taken = crews[0], crews[1]
    absent, where, stale, is_stale = by_job[0], by_job[1], by_job[2], by_job[3]
    saved, saved_cell, saved_version = by_cell[0], by_cell[1], by_cell[2]
    chosen, lifted_job, todo, key, placed = picks[0], picks[1], picks[2], picks[3], picks[4]
    begun = picks[5]
    mark[:] = -1
    saved[:] = -1
    where[:] = -1
    is_stale[:] = 0
    stale_n = 0
    old_unserved = old_changes = old_soft = 0
    absent_n = 0
    for j in range(nj):
        if JS[j, 0] < 0:
            where[j] = absent_n
            absent[absent_n] = j
            absent_n += 1
    for j in range(nj):
        for k in range(wide):
            if best[j, k] != JS[j, k]:
                is_stale[j] = 1
        if is_stale[j] == 1:
            stale[stale_n] = j
            stale_n += 1
    for step in range(steps):
        old_unserved, old_changes, old_soft = T[T_UNSERVED], T[T_CHANGES], T[T_SOFT]
        before = _price(T, R)
        begun[0] = -1
        found = _ruin(
            mix,
            most,
            step,
            mark,
            random,
            chosen,
            begun,
            absent,
            absent_n,
            J,
            O,
            E,
            C,
            W,
            P,
            R,
            JS,
            SJ,
            SF,
            BE,
        )
        n = saved_n = 0
        for i in range(found):
            j = chosen[i]
            if JS[j, 0] < 0 or J[j, J_LOCKED] != 0:
                continue
            for k in range(wide):
                lifted[n, k] = JS[j, k]
            lifted_job[n] = j
            for k in range(J[j, J_SIZE]):
                mark[JS[j, 1 + k]] = step
            saved_n = _save(
                    JS[j, 0], JS[j, 1:], J[j, J_SIZE], step, saved, saved_n, saved_cell, saved_version, rows, O, C, V, R,
                )  # fmt: skip
            lift(j, J, O, E, C, V, K, W, R, SC, SI, JS, P, T)
            todo[n] = j
            n += 1
        if n == 0 and absent_n == 0:
            continue
        mine = n
        first = _below(random, absent_n) if absent_n > 0 else 0
        team = _team_to_serve(begun[0], J, O, E, JS)
        if team >= 0 and where[team] >= 0:
            first = where[team]
        for i in range(min(absent_n, look)):
            todo[n] = absent[(first + i) % absent_n]
            n += 1
        way = _below(random, 4)
        for i in range(n):
            j = todo[i]
            if way == 0:
                key[i] = -J[j, J_MINUTES] * J[j, J_TEAM] * 64 + _below(random, 64)
            elif way == 1:
                key[i] = J[j, J_EASE] * 16 + _below(random, 256)
            else:
                key[i] = _below(random, 1 << 20)
                if way == 2 and i >= mine:
                    key[i] -= 1 << 20
            if j == team:
                # the places that were cleared are for this team, before anybody else takes one of them
                key[i] = -(1 << 40)
        for i in range(1, n):
            j, v, q = todo[i], key[i], i
            while q > 0 and key[q - 1] > v:
                todo[q], key[q] = todo[q - 1], key[q - 1]
                q -= 1
            todo[q], key[q] = j, v
        placed_n = hope = lost = 0
        e = begun[0]
        if e >= 0 and _below(random, 100) < mix[M_FORCED]:
            # the worker goes to the job, whatever it costs; whether that was wise the whole step says
            o, w = E[e, E_OPTION], E[e, E_WORKER]
            j = O[o, O_JOB]
            if J[j, J_TEAM] == 1 and JS[j, 0] < 0 and J[j, J_LOCKED] == 0:
                start, end = O[o, O_START], O[o, O_START] + J[j, J_MINUTES]
                more = turn_cost(w, O[o, O_DAY], J[j, J_X], J[j, J_Y], start, end, C, W, P, R)
                if more < REFUSED:
                    crew[0] = w
                    saved_n = _save(
                        o, crew, 1, step, saved, saved_n, saved_cell, saved_version, rows, O, C, V, R,
                    )  # fmt: skip
                    place(o, crew, J, O, E, C, V, K, W, R, SC, SI, JS, P, T)
                    placed[0] = j
                    placed_n = 1
                    if where[j] >= 0:
                        lost -= R[R_P_UNSERVED] * J[j, J_MINUTES]
        for i in range(n):
            j = todo[i]
            if where[j] >= 0 and JS[j, 0] < 0:
                hope += R[R_P_UNSERVED] * J[j, J_TEAM] * J[j, J_MINUTES]
        hopeless = hope + SLACK * heat
        for i in range(n):
            j = todo[i]
            if JS[j, 0] >= 0:
                continue
            o, cost = best_option(
                j, crew, where[j] >= 0 and mine > 0, blink, share, mark, step,
                random, J, O, E, N, D, C, V, W, R, SC, SI, P, offers, taken,
            )  # fmt: skip
            price = R[R_P_UNSERVED] * J[j, J_TEAM] * J[j, J_MINUTES]
            if o >= 0 and cost < price:
                saved_n = _save(
                    o, crew, J[j, J_SIZE], step, saved, saved_n, saved_cell, saved_version, rows, O, C, V, R,
                )  # fmt: skip
                place(o, crew, J, O, E, C, V, K, W, R, SC, SI, JS, P, T)
                placed[placed_n] = j
                placed_n += 1
            elif where[j] >= 0:
                hopeless -= price
            else:
                lost += price
            if lost > hopeless:
                break
        worse = _price(T, R) - before
        if lost <= hopeless and (worse <= 0 or worse < -heat * math.log(_share(random))):
            for i in range(mine):
                j = lifted_job[i]
                if JS[j, 0] < 0:
                    where[j] = absent_n
                    absent[absent_n] = j
                    absent_n += 1
                if is_stale[j] == 0:
                    is_stale[j] = 1
                    stale[stale_n] = j
                    stale_n += 1
            for i in range(placed_n):
                j = placed[i]
                if where[j] >= 0:
                    absent_n -= 1
                    moved = absent[absent_n]
                    absent[where[j]] = moved
                    where[moved] = where[j]
                    where[j] = -1
                    if is_stale[j] == 0:
                        is_stale[j] = 1
                        stale[stale_n] = j
                        stale_n += 1
            if _better(T, B, R):
                for i in range(stale_n):
                    j = stale[i]
                    is_stale[j] = 0
                    for k in range(wide):
                        best[j, k] = JS[j, k]
                stale_n = 0
                for k in range(3):
                    B[k] = T[k]
        else:
            for i in range(placed_n):
                j = placed[i]
                if J[j, J_SERIES] >= 0:
                    for k in range(J[j, J_SIZE]):
                        _in_series(J[j, J_SERIES], JS[j, 1 + k], -1, R, SC, SI, T)
                JS[j, 0] = -1
            for i in range(mine):
                j = lifted_job[i]
                for k in range(wide):
                    JS[j, k] = lifted[i, k]
                if J[j, J_SERIES] >= 0:
                    for k in range(J[j, J_SIZE]):
                        _in_series(J[j, J_SERIES], JS[j, 1 + k], 1, R, SC, SI, T)
            for i in range(saved_n):
                c = saved_cell[i]
                P[c // R[R_DAYS]] += rows[i, C_PAID] - C[c, C_PAID]
                for k in range(HEAD + rows[i, C_COUNT] * WIDE):
                    C[c, k] = rows[i, k]
                V[c] = saved_version[i]
            T[T_UNSERVED], T[T_CHANGES], T[T_SOFT] = old_unserved, old_changes, old_soft
