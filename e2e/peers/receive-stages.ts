/** Place of `store` among the stages of receiving; `acknowledge` follows it. */
export const storeStage = 4;
