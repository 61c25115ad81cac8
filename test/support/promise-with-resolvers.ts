interface Resolvers<T> {
  readonly promise: Promise<T>;
  readonly resolve: (value: T | PromiseLike<T>) => void;
  readonly reject: (reason?: unknown) => void;
}

/** Node has it from version 22 on; the local Step Functions wants it. */
Object.assign(Promise, {
  withResolvers: <T>(): Resolvers<T> => {
    let resolve: Resolvers<T>["resolve"] = () => undefined;
    let reject: Resolvers<T>["reject"] = () => undefined;
    const promise = new Promise<T>((fulfil, refuse) => {
      resolve = fulfil;
      reject = refuse;
    });
    return { promise, resolve, reject };
  },
});
