import { Container, Heading, Table, Text } from "@medusajs/ui";
import { useTranslation } from "react-i18next";
import type { AdminSeqrServer } from "../../../http-types";
import { useLocale } from "../../hooks/use-locale";
import { useNow } from "../../hooks/use-now";

/** The servers that work on payments, and when each one last swept. */
export const ServerList = ({ servers }: { servers: AdminSeqrServer[] }) => {
  const { t } = useTranslation("seqr");
  const { exactly, from } = useLocale();
  const now = useNow(servers.length > 0);
  return (
    <Container className="divide-y p-0" data-testid="seqr-servers">
      <div className="px-6 py-4">
        <Heading level="h2">{t("health.servers.heading")}</Heading>
        <Text size="small" className="text-ui-fg-subtle">
          {t("health.servers.description")}
        </Text>
      </div>
      {servers.length === 0 ? (
        <Text size="small" className="px-6 py-4">
          {t("health.servers.none")}
        </Text>
      ) : (
        <div className="overflow-x-auto">
          <Table>
            <Table.Header>
              <Table.Row>
                <Table.HeaderCell>{t("health.servers.id")}</Table.HeaderCell>
                <Table.HeaderCell>{t("health.servers.startedAt")}</Table.HeaderCell>
                <Table.HeaderCell>{t("health.servers.sweptAt")}</Table.HeaderCell>
              </Table.Row>
            </Table.Header>
            <Table.Body className="border-b-0">
              {servers.map(({ id, started_at, swept_at }) => (
                <Table.Row key={id} className="last-of-type:border-b-0">
                  <Table.Cell className="whitespace-nowrap">{id}</Table.Cell>
                  <Table.Cell className="whitespace-nowrap">{exactly(started_at)}</Table.Cell>
                  <Table.Cell className="whitespace-nowrap">
                    {from(swept_at, now)} ({exactly(swept_at)})
                  </Table.Cell>
                </Table.Row>
              ))}
            </Table.Body>
          </Table>
        </div>
      )}
    </Container>
  );
};
