"""What a worker does, one function each: a transaction with the store, told to views as Changes."""
