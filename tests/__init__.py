"""The tests: the same tree as the app, and factories, journeys, house rules, benchmarks."""
