# The limits of the house do not hold for compiled kernels; numba reads no annotations.
# mypy: ignore-errors
# ruff: noqa: C901, E741, N803, PLR0911, PLR0912, PLR0913, PLR0915, PLR0917
"""The fast search, compiled: ruin and recreate with annealing, on tables of integers.

It means the same as `board.py` and `plain_search.py`, which are the clear reference; tests compare the two to the last
unit. Tables are built in `tables.py`. This file imports nothing of ours, because a copy of it is what gets compiled.

J jobs, O options (a job at a start), E who is able for an option, W workers, C a worker's day (a header, then its turns),
R rules and weights, SC/SI crews of series, JS the plan (option and crew by job), P paid minutes, T totals.
"""

import math

import numpy as np
from numba import njit

# J
J_MINUTES, J_TEAM, J_SERIES, J_FROM, J_TO, J_LOCKED, J_X, J_Y, J_EASE, J_SIZE = range(10)
# O
O_JOB, O_START, O_DAY, O_FROM, O_TO, O_COST, O_MOVED = range(7)
# E
E_WORKER, E_QUALIFIED, E_COST, E_CHANGED = range(4)
# W
W_X, W_Y, W_SPEED, W_CONTRACT, W_WANTED, W_LIKES_LATE, W_PREVIOUS_END, W_RISKY = range(8)
# C: header, then per turn eight figures
C_COUNT, C_WORK, C_PAID, C_COST, C_BLOCKED, C_LAST, C_TRAVEL, C_HOME = range(8)
T_JOB, T_START, T_END, T_X, T_Y, T_TRAVEL, T_IDLE, T_RUN = range(8)
HEAD = 8
WIDE = 8
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


@njit(cache=True)
def _below(random, n):
    """A whole number from 0 up to n."""
    x = random[0]
    x ^= x >> np.uint64(12)
    x ^= x << np.uint64(25)
    x ^= x >> np.uint64(27)
    random[0] = x
    return np.int64((x * np.uint64(2685821657736338717)) >> np.uint64(33)) % n


@njit(cache=True)
def _share(random):
    return (_below(random, 1 << 30) + 1) / (1 << 30)


@njit(cache=True)
def _way(speed, ax, ay, bx, by):
    return (abs(ax - bx) + abs(ay - by) + speed - 1) // speed


@njit(cache=True)
def _hours(paid, wanted):
    steps = abs(paid - wanted) // 30
    return steps * steps


@njit(cache=True)
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


@njit(cache=True)
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


@njit(cache=True)
def turn_cost(w, d, jx, jy, start, end, C, W, P, R):
    """What the worker's week costs more with one more turn, or REFUSED."""
    minutes = end - start
    if P[w] + minutes > W[w, W_CONTRACT]:
        return REFUSED
    c = w * R[R_DAYS] + d
    n = C[c, C_COUNT]
    if C[c, C_BLOCKED] != 0 or n >= R[R_ROOM]:
        return REFUSED
    paid = minutes + C[c, C_PAID]
    if paid > R[R_MAX_DAY]:
        return REFUSED
    speed, tw = W[w, W_SPEED], R[R_TRAVEL_IS_WORK]
    first, last = start, end
    cost = 0
    if n == 0:
        if minutes > R[R_BREAK_AFTER]:
            return REFUSED
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
                return REFUSED
            bx, by = C[c, b + T_X], C[c, b + T_Y]
            way = _way(speed, bx, by, jx, jy)
            idle = gap - way - (0 if bx == jx and by == jy else R[R_SETUP])
            if idle < 0:
                return REFUSED
            run = minutes + (way if tw else 0) + (0 if idle >= R[R_BREAK] else C[c, b + T_RUN])
            travel += way
            if tw:
                paid += way
            if idle > R[R_SPLIT]:
                cost += R[R_K_SPLIT]
            first = C[c, HEAD + T_START]
        else:
            run = minutes
            travel += _way(speed, W[w, W_X], W[w, W_Y], jx, jy)
        if run > R[R_BREAK_AFTER]:
            return REFUSED
        if p < n:
            a = HEAD + p * WIDE
            gap = C[c, a + T_START] - end
            if gap < 0:
                return REFUSED
            ax, ay = C[c, a + T_X], C[c, a + T_Y]
            way = _way(speed, jx, jy, ax, ay)
            idle = gap - way - (0 if ax == jx and ay == jy else R[R_SETUP])
            if idle < 0:
                return REFUSED
            run = (
                C[c, a + T_END] - C[c, a + T_START] + (way if tw else 0) + (0 if idle >= R[R_BREAK] else run)
            )
            if run > R[R_BREAK_AFTER]:
                return REFUSED
            for i in range(p + 1, n):
                q = HEAD + i * WIDE
                if C[c, q + T_IDLE] >= R[R_BREAK]:
                    break
                run += C[c, q + T_END] - C[c, q + T_START] + (C[c, q + T_TRAVEL] if tw else 0)
                if run > R[R_BREAK_AFTER]:
                    return REFUSED
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
            return REFUSED
        cost += R[R_K_TRAVEL] * travel
        work = C[c, C_WORK]
        if work < R[R_SHORT] and work + minutes >= R[R_SHORT]:
            cost -= R[R_K_SHORT]
        if last == end and C[c, C_LAST] > R[R_LATE + d] and W[w, W_LIKES_LATE] == 0:
            cost -= R[R_K_LATE]
    if last == end and end > R[R_LATE + d] and W[w, W_LIKES_LATE] == 0:
        cost += R[R_K_LATE]
    total = P[w] - C[c, C_PAID] + paid
    if total > W[w, W_CONTRACT]:
        return REFUSED
    if not _rested(w, d, first, last, C, W, R):
        return REFUSED
    return cost + R[R_K_HOURS] * (_hours(total, W[w, W_WANTED]) - _hours(P[w], W[w, W_WANTED]))


@njit(cache=True)
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


@njit(cache=True)
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


@njit(cache=True)
def _able(o, w, E, O):
    """The row of E that names the worker for the option (rows are in order of worker)."""
    low, high = O[o, O_FROM], O[o, O_TO] - 1
    while low < high:
        middle = (low + high) // 2
        if E[middle, E_WORKER] < w:
            low = middle + 1
        else:
            high = middle
    return low


@njit(cache=True)
def _member(o, w, sign, J, O, E, C, W, R, SC, SI, P, T):
    """Add (sign 1) or take away (sign -1) one worker of a visit, and keep the totals."""
    j, d = O[o, O_JOB], O[o, O_DAY]
    c = w * R[R_DAYS] + d
    T[T_SOFT] -= C[c, C_COST] + R[R_K_HOURS] * _hours(P[w], W[w, W_WANTED])
    if sign > 0:
        _add_turn(w, d, j, O[o, O_START], J, C, W, P, R)
    else:
        _drop_turn(w, d, j, C, W, P, R)
    T[T_SOFT] += C[c, C_COST] + R[R_K_HOURS] * _hours(P[w], W[w, W_WANTED])
    e = _able(o, w, E, O)
    T[T_SOFT] += sign * E[e, E_COST]
    T[T_CHANGES] += sign * E[e, E_CHANGED]
    s = J[j, J_SERIES]
    if s >= 0:
        over = max(0, SI[s, 1] - SI[s, 0])
        SC[s, w] += sign
        if sign > 0 and SC[s, w] == 1:
            SI[s, 1] += 1
        elif sign < 0 and SC[s, w] == 0:
            SI[s, 1] -= 1
        T[T_SOFT] += R[R_K_SERIES] * (max(0, SI[s, 1] - SI[s, 0]) - over)


@njit(cache=True)
def place(o, crew, J, O, E, C, W, R, SC, SI, JS, P, T):
    """Serve the job of the option with the crew."""
    j = O[o, O_JOB]
    JS[j, 0] = o
    for k in range(J[j, J_SIZE]):
        JS[j, 1 + k] = crew[k]
        _member(o, crew[k], 1, J, O, E, C, W, R, SC, SI, P, T)
    T[T_UNSERVED] -= J[j, J_TEAM] * J[j, J_MINUTES]
    T[T_CHANGES] += O[o, O_MOVED]
    T[T_SOFT] += O[o, O_COST]


@njit(cache=True)
def lift(j, J, O, E, C, W, R, SC, SI, JS, P, T):
    """Leave the job unserved."""
    o = JS[j, 0]
    for k in range(J[j, J_SIZE]):
        _member(o, JS[j, 1 + k], -1, J, O, E, C, W, R, SC, SI, P, T)
    JS[j, 0] = -1
    T[T_UNSERVED] += J[j, J_TEAM] * J[j, J_MINUTES]
    T[T_CHANGES] -= O[o, O_MOVED]
    T[T_SOFT] -= O[o, O_COST]


@njit(cache=True)
def best_option(
    j, crew, blink, mark, it, random, J, O, E, C, W, R, SC, SI, P, offer_w, offer_c, offer_q, taken
):
    """Find the cheapest visit of the job; its crew is left in `crew`. Return (option or -1, cost).

    One offer in 1024 / blink is overlooked, for variety. With a mark only workers of this round (mark[w] == it) are
    looked at for a job of one, and a job of more needs one of them.
    """
    team, s = J[j, J_TEAM], J[j, J_SERIES]
    jx, jy, minutes = J[j, J_X], J[j, J_Y], J[j, J_MINUTES]
    best, best_cost = -1, REFUSED
    for o in range(J[j, J_FROM], J[j, J_TO]):
        start, d = O[o, O_START], O[o, O_DAY]
        end = start + minutes
        fixed = O[o, O_COST] + R[R_P_CHANGE] * O[o, O_MOVED]
        n = 0
        marked = it < 0
        for e in range(O[o, O_FROM], O[o, O_TO]):
            w = E[e, E_WORKER]
            if it >= 0 and mark[w] == it:
                marked = True
            elif it >= 0 and team == 1:
                continue
            cost = turn_cost(w, d, jx, jy, start, end, C, W, P, R)
            if cost >= REFUSED:
                continue
            if blink > 0 and _below(random, 1024) < blink:
                continue
            cost += E[e, E_COST] + R[R_P_CHANGE] * E[e, E_CHANGED]
            new = s >= 0 and SC[s, w] == 0
            if team == 1:
                if new and SI[s, 1] >= SI[s, 0]:
                    cost += R[R_K_SERIES]
                if cost + fixed < best_cost:
                    best, best_cost = o, cost + fixed
                    crew[0] = w
                continue
            offer_w[n] = w
            offer_c[n] = cost
            offer_q[n] = (2 if new else 0) + E[e, E_QUALIFIED]
            n += 1
        if team == 1 or n < team or not marked:
            continue
        room = SI[s, 0] - SI[s, 1] if s >= 0 else team
        total, mentors, news = fixed, 0, 0
        for k in range(team):
            only = k == team - 1 and mentors == 0
            price = R[R_K_SERIES] if news >= room else 0
            found, least = -1, REFUSED
            for i in range(n):
                if offer_c[i] >= REFUSED or (only and offer_q[i] & 1 == 0):
                    continue
                cost = offer_c[i] + (price if offer_q[i] & 2 else 0)
                if cost < least:
                    found, least = i, cost
            if found < 0:
                total = REFUSED
                break
            total += least
            mentors += offer_q[found] & 1
            news += offer_q[found] >> 1
            taken[k] = offer_w[found]
            offer_c[found] = REFUSED
        if total < best_cost:
            best, best_cost = o, total
            for k in range(team):
                crew[k] = taken[k]
    return best, best_cost


@njit(cache=True)
def _price(T, R):
    return R[R_P_UNSERVED] * T[T_UNSERVED] + R[R_P_CHANGE] * T[T_CHANGES] + T[T_SOFT]


@njit(cache=True)
def _better(T, B):
    for k in range(3):
        if T[k] != B[k]:
            return T[k] < B[k]
    return False


@njit(cache=True)
def fill(order, random, J, O, E, C, W, R, SC, SI, JS, P, T):
    """Serve the jobs in this order, each as cheaply as it can be."""
    room = W.shape[0]
    offer_w, offer_c, offer_q = np.empty(room, np.int64), np.empty(room, np.int64), np.empty(room, np.int64)
    crew, taken, mark = (
        np.empty(JS.shape[1], np.int64),
        np.empty(JS.shape[1], np.int64),
        np.zeros(room, np.int64),
    )
    for j in order:
        if JS[j, 0] < 0:
            o, _ = best_option(
                j, crew, 0, mark, -1, random, J, O, E, C, W, R, SC, SI, P, offer_w, offer_c, offer_q, taken
            )
            if o >= 0:
                place(o, crew, J, O, E, C, W, R, SC, SI, JS, P, T)


@njit(cache=True)
def _ruin(most, random, chosen, absent, absent_n, J, O, E, C, W, R, JS, SJ, SF):
    """Choose served jobs to take off together; return how many."""
    nj, days, nw = J.shape[0], R[R_DAYS], W.shape[0]
    n = 0
    kind = _below(random, 100)
    if absent_n > 0 and kind < 30:
        # make room for an unserved job: what keeps some of its people busy around one of its starts
        u = absent[_below(random, absent_n)]
        if J[u, J_TO] > J[u, J_FROM]:
            o = J[u, J_FROM] + _below(random, J[u, J_TO] - J[u, J_FROM])
            able = O[o, O_TO] - O[o, O_FROM]
            start, end, d = O[o, O_START], O[o, O_START] + J[u, J_MINUTES], O[o, O_DAY]
            tries = J[u, J_TEAM] + _below(random, 3)
            for _ in range(tries):
                if able == 0 or n >= most:
                    break
                w = E[O[o, O_FROM] + _below(random, able), E_WORKER]
                hit = False
                c = w * days + d
                for i in range(C[c, C_COUNT]):
                    a = HEAD + i * WIDE
                    if C[c, a + T_START] < end + 40 and C[c, a + T_END] > start - 40 and n < most:
                        chosen[n] = C[c, a + T_JOB]
                        n += 1
                        hit = True
                if not hit or _below(random, 4) == 0:
                    # the contract or a rest may be what is in the way
                    d2 = _below(random, days)
                    c = w * days + d2
                    if C[c, C_COUNT] > 0 and n < most:
                        chosen[n] = C[c, HEAD + _below(random, C[c, C_COUNT]) * WIDE + T_JOB]
                        n += 1
            return n
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
    count = 1 + _below(random, most)
    if kind < 70:
        # people who could do the same job, on the same day
        for _ in range(3 * count):
            if n >= count:
                break
            w = E[O[o, O_FROM] + _below(random, able), E_WORKER]
            c = w * days + d
            if C[c, C_COUNT] > 0:
                chosen[n] = C[c, HEAD + _below(random, C[c, C_COUNT]) * WIDE + T_JOB]
                n += 1
    elif kind < 85:
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
    elif kind < 95 and J[centre, J_SERIES] >= 0:
        s = J[centre, J_SERIES]
        for q in range(SF[s], SF[s + 1]):
            if n < most + 4 and JS[SJ[q], 0] >= 0 and _below(random, 4) > 0:
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


@njit(cache=True)
def search(steps, hot, cold, most, blink, random, J, O, E, C, W, R, SC, SI, JS, P, T, SJ, SF, best, B):
    """Take `steps` steps while the temperature goes from hot to cold; keep the best plan in `best`, its totals in B."""
    nj, nw, wide = J.shape[0], W.shape[0], JS.shape[1]
    offer_w, offer_c, offer_q = np.empty(nw, np.int64), np.empty(nw, np.int64), np.empty(nw, np.int64)
    crew, taken = np.empty(wide, np.int64), np.empty(wide, np.int64)
    mark = np.full(nw, -1, np.int64)
    absent, where = np.empty(nj, np.int64), np.full(nj, -1, np.int64)
    absent_n = 0
    for j in range(nj):
        if JS[j, 0] < 0:
            where[j] = absent_n
            absent[absent_n] = j
            absent_n += 1
    chosen = np.empty(most + 8, np.int64)
    lifted = np.empty((most + 8, wide), np.int64)
    lifted_job = np.empty(most + 8, np.int64)
    todo, key, placed = np.empty(nj, np.int64), np.empty(nj, np.int64), np.empty(nj, np.int64)
    old = np.empty(3, np.int64)
    for step in range(steps):
        heat = hot * (cold / hot) ** (step / steps)
        for k in range(3):
            old[k] = T[k]
        before = _price(T, R)
        found = _ruin(most, random, chosen, absent, absent_n, J, O, E, C, W, R, JS, SJ, SF)
        n = 0
        for i in range(found):
            j = chosen[i]
            if JS[j, 0] < 0 or J[j, J_LOCKED] != 0:
                continue
            for k in range(wide):
                lifted[n, k] = JS[j, k]
            lifted_job[n] = j
            for k in range(J[j, J_SIZE]):
                mark[JS[j, 1 + k]] = step
            lift(j, J, O, E, C, W, R, SC, SI, JS, P, T)
            todo[n] = j
            n += 1
        if n == 0 and absent_n == 0:
            continue
        mine = n
        for i in range(absent_n):
            todo[n] = absent[i]
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
        for i in range(1, n):
            j, v, q = todo[i], key[i], i
            while q > 0 and key[q - 1] > v:
                todo[q], key[q] = todo[q - 1], key[q - 1]
                q -= 1
            todo[q], key[q] = j, v
        placed_n = 0
        for i in range(n):
            j = todo[i]
            only = step if where[j] >= 0 and mine > 0 else -1
            o, cost = best_option(
                j,
                crew,
                blink,
                mark,
                only,
                random,
                J,
                O,
                E,
                C,
                W,
                R,
                SC,
                SI,
                P,
                offer_w,
                offer_c,
                offer_q,
                taken,
            )
            if o >= 0 and cost < R[R_P_UNSERVED] * J[j, J_TEAM] * J[j, J_MINUTES]:
                place(o, crew, J, O, E, C, W, R, SC, SI, JS, P, T)
                placed[placed_n] = j
                placed_n += 1
        worse = _price(T, R) - before
        if worse <= 0 or worse < -heat * math.log(_share(random)):
            for i in range(mine):
                j = lifted_job[i]
                if JS[j, 0] < 0:
                    where[j] = absent_n
                    absent[absent_n] = j
                    absent_n += 1
            for i in range(placed_n):
                j = placed[i]
                if where[j] >= 0:
                    absent_n -= 1
                    moved = absent[absent_n]
                    absent[where[j]] = moved
                    where[moved] = where[j]
                    where[j] = -1
            if _better(T, B):
                best[:, :] = JS
                for k in range(3):
                    B[k] = T[k]
        else:
            for i in range(placed_n):
                lift(placed[i], J, O, E, C, W, R, SC, SI, JS, P, T)
            for i in range(mine):
                place(lifted[i, 0], lifted[i, 1:], J, O, E, C, W, R, SC, SI, JS, P, T)
            for k in range(3):
                T[k] = old[k]
