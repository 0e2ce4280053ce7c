"""TwiML: a carrier's switch (Twilio, SignalWire, Telnyx and their like) that asks what to do by signed form posts, is
answered with XML, and is told in mid-call through its REST interface. docs/twiml.md."""

PROVIDER = "twiml"
