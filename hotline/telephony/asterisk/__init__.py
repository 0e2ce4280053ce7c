"""The switch agent of an Asterisk: one process between its REST interface (ARI) and the hotline.

It translates and knows no rule of the hotline: what a caller hears, who is rung and when a call is over is told to it.
docs/switch.md is for those who run it.
"""
