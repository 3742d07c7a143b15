"""Where seeds and outputs lie: folders of this machine, or prefixes of an object store, behind one interface."""
