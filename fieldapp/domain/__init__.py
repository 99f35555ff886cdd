"""Records and rules: no Qt, no SQL, no network, no reading of clocks."""
