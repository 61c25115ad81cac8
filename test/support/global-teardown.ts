import { endEmptyEmulator } from "./global-setup";

/** After the last test. */
export default endEmptyEmulator;
