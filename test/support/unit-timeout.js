// What takes seconds on an idle machine takes ten times as long beside end-to-end tests on the same two cores.
jest.setTimeout(60_000);
