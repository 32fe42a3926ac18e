"""A stand-in for the payroll bureau: gross pay goes in, net pay and what is withheld comes out.

Its rates are invented. They are progressive and exact to the cent, and that is all they have in common with
the real ones.
"""
