// Named places where a process may die. The default port does nothing; a test passes one that throws or exits there.

/** Each commit and each call to the outside has its name: `<module>.<before|after>.<what>`. */
export type CrashPoint = (name: string) => void | Promise<void>;

export const neverCrash: CrashPoint = () => {};
