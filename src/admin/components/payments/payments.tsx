import { useOpened } from "../../hooks/use-opened";
import { PaymentList } from "./payment-list";
import { PaymentPage } from "./payment-page";

/** The payments, and one of them when its id is in the address. */
const Payments = () => {
  const [id, open] = useOpened();
  return id === "" ? <PaymentList onOpen={open} /> : <PaymentPage key={id} id={id} onBack={() => open("")} />;
};

export default Payments;
