"""From a file to a proposal: what it is, what it says, how it is built, what it is called. Knows no database.

`kinds` looks at the bytes, `unpacking` opens archives, `reading` gets the text out (in a process of its own where a
file could do harm), `structure` finds chapters and articles, `recognition` title, number and dates.
"""
