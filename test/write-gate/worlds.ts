// One database for the tests of a file, and worlds on it. After each test: no token that can write outlives its job.
import { afterAll, afterEach, beforeAll, expect } from "vitest";
import { type TestDatabase, testDatabase } from "../support/database.ts";
import { approvedDelivery, type Shape, type World } from "./approved-delivery.ts";
import { approvedShip, type ShipShape, type ShipWorld } from "./approved-ship.ts";

type Worlds = Readonly<{
  test: Readonly<Pick<TestDatabase, "db">>;
  delivery: (shape?: Shape) => Promise<World>;
  ship: (shape?: ShipShape) => Promise<ShipWorld>;
  /** For a test that closes its world itself. */
  forget: (world: World) => void;
}>;

/** To be called once, at the top of a file. */
export function openWorlds(): Worlds {
  let database: TestDatabase | null = null;
  const worlds = new Set<World>();
  const there = (): TestDatabase => {
    if (database === null) throw new Error("no test has begun");
    return database;
  };
  beforeAll(async () => {
    database = await testDatabase();
  });
  afterEach(async () => {
    const all = [...worlds];
    worlds.clear();
    for (const world of all) {
      expect(world.github.liveWriteTokens).toEqual([]);
      await world.github.close();
    }
  });
  afterAll(() => database?.close());
  return {
    test: {
      get db() {
        return there().db;
      },
    },
    delivery: async (shape) => {
      const world = await approvedDelivery(there().db, shape);
      worlds.add(world);
      return world;
    },
    ship: async (shape) => {
      const world = await approvedShip(there().db, shape);
      worlds.add(world);
      return world;
    },
    forget: (world) => void worlds.delete(world),
  };
}
