"""A stand-in for the bank: takes pain.001, answers pain.002, and tells with camt.053 what was booked."""
