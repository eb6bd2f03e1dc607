"""The pages behind the counter: who works here, what is sold, what is in stock, how it is set."""
