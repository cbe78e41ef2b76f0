/** Runs a task when it is its lane's turn, and settles as the task does. */
export type InTurn = (lane: string, task: () => Promise<void>) => Promise<void>;

/**
 * Tasks of one lane run one after the other, in the order in which they came, whatever became of those before; those of different
 * lanes run at once. So a message whose names take long to look up is not overtaken by the next one of its channel.
 */
export function createLanes(): InTurn {
  const last = new Map<string, Promise<void>>();
  return (lane, task) => {
    const before = last.get(lane) ?? Promise.resolve();
    const mine = before.then(task, task);
    last.set(lane, mine);
    const leave = () => {
      if (last.get(lane) === mine) last.delete(lane);
    };
    mine.then(leave, leave);
    return mine;
  };
}
